# technique: looks into every file that can be read for what the harness has hidden
# source: THREATS: search the file system
# verdict: WA TLE
# invariant: answers, later tests and secrets of the host are not in the box
# without: seccomp capabilities network
import os

wanted = b"-YRANAC-EZISSA"[::-1]
found = 0
for top in ("/work", "/tmp", "/dev", "/etc", "/run", "/var", "/home", "/root", "/srv", "/opt", "/mnt", "/media", "/usr/lib/assize", "/usr/local", "/usr/share", "/boot", "/data", "/problem", "/tests", "/judge"):
    for directory, _, names in os.walk(top):
        for name in names:
            path = os.path.join(directory, name)
            if os.path.isfile(path) and path != os.path.abspath(__file__):
                try:
                    with open(path, "rb") as file:
                        content = file.read(1 << 20)
                except OSError:
                    continue
                at = content.find(wanted)
                if at >= 0 and found < 20:
                    found += 1
                    print(path, content[at : at + 100])
print("held" if not found else "ESCAPED")
