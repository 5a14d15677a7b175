# Files: made, read, listed, removed; places that are read only.
import os, pathlib, tempfile, shutil
path = pathlib.Path("sub/dir"); path.mkdir(parents=True); (path / "file.txt").write_text("ä\n")
print(sorted(map(str, pathlib.Path(".").rglob("*"))), (path / "file.txt").read_bytes(), oct(os.stat(path).st_mode), tempfile.gettempdir(), pathlib.Path.home(), os.path.expanduser("~"))
for place in ("/", "/usr", "/etc"):
    try: open(os.path.join(place, "x"), "w")
    except OSError as error: print(error)
shutil.rmtree("sub"); print(os.listdir("."), shutil.disk_usage("/work").total)
with tempfile.TemporaryDirectory() as directory: print(os.path.dirname(directory), os.listdir("/tmp") == [os.path.basename(directory)])
