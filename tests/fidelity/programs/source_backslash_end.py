# A backslash at the end of the file.
# ends: exit 1
x = 1\