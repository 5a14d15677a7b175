# technique: another work directory, another root for names, another umask; removed work directory
# source: chdir(2), umask(2)
# verdict: WA
# invariant: the next test starts in /work with the usual mask
# without: seccomp
import os, sys

mask = os.umask(0)
if os.getcwd() != "/work" or mask != 0o022 or os.listdir("/work") != [os.path.basename(sys.argv[0])]:
    print("LEAKED", os.getcwd(), oct(mask), os.listdir("/work"))
os.makedirs("/tmp/gone")
os.chdir("/tmp/gone")
os.rmdir("/tmp/gone")
try:
    os.rmdir("/work")
except OSError as refused:
    print("held", refused)
