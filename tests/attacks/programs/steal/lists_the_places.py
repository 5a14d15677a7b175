# technique: lists every place where judges keep tests: names of files alone may tell something
# source: THREATS: search the file system
# verdict: WA
# invariant: the box holds the submission and an interpreter
# without: seccomp capabilities network read_only_root
import glob, os

patterns = ("/**/*.ans", "/**/*.in", "/**/secret*", "/**/testdata*", "/**/answer*", "/**/judge*", "/**/problem.yaml")
for top in ("/work", "/tmp", "/dev", "/etc", "/root", "/home", "/srv", "/opt", "/mnt", "/data", "/var", "/run", "/host"):
    for pattern in patterns:
        for path in glob.glob(top + pattern, recursive=True):
            if os.path.abspath(__file__) != path:
                print("ESCAPED there is", path)
print("held", sorted(os.listdir("/")), os.listdir("/work"))
