# A name that is nearly right.
# ends: exit 1
counter = 1
print(countre)
