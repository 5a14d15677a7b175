print("running")
raise ValueError("in a module")
