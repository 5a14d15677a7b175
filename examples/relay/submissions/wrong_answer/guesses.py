task, baton = input().split()
print("ab" if task == "encode" else 1)
