from main import backwards

print(backwards(input()))
