from backwards import backwards

print(backwards(input()))
