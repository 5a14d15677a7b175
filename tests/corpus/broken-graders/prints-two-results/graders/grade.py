print("AC 1")
print("AC 2")
