# Warnings in a module: deprecations only in the main program.
import other
other.warn()
