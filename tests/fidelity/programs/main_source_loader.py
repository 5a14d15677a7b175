# The loader gives the source back.
print(__loader__.get_source("__main__").splitlines()[0])
print(__loader__.is_package("__main__"), __loader__.get_filename("__main__"))
print(__loader__.get_code("__main__").co_filename)
