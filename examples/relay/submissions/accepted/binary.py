task, baton = input().split()
if task == "encode":
    print(f"{int(baton):b}".replace("1", "b").replace("0", "a"))
else:
    print(int(baton.replace("b", "1").replace("a", "0"), 2))
