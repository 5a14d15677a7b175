# As many descriptors as the limit says, and no more.
# ends: exit 1
files = []
try:
    while True: files.append(open("main.py"))
except OSError as error:
    print(len(files), error)
    for file in files: file.close()
    raise SystemExit(1)
