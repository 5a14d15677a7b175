# Input that is not read is no error.
# repeat: 50000
print("done")
