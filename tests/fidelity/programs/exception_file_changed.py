# A traceback shows the file as it is now.
# ends: exit 1
with open("main.py", "w") as file:
    file.write("# changed\n" * 20)
1 / 0
