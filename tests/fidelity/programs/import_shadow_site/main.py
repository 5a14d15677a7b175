# Files with the names of start-up modules are only used when they are imported.
print("main")
import sitecustomize
