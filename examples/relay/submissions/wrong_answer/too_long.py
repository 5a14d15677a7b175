task, baton = input().split()
print("a" * int(baton) if task == "encode" else len(baton))
