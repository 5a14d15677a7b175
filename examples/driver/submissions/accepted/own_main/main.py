# The included file of the same name takes its place.
raise RuntimeError("this is never run")
