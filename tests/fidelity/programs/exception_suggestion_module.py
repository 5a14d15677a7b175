# A module of the standard library that was forgotten.
# ends: exit 1
print(random.randint(1, 1))
