# A program for Python 2.
# ends: exit 1
print "hello"
