# Finalizers of objects in modules, after those of the main program.
import other
thing = other.Thing("main")
