# technique: chown, xattrs and file flags: capabilities in a file, immutable files that outlive the wipe
# source: chattr(1), capabilities(7), setxattr(2)
# verdict: WA
# invariant: scratch files have no attributes that the runner could not remove
# without: capabilities
import array, fcntl, os, struct

path = "/work/stays"
open(path, "w").close()
descriptor = os.open(path, os.O_RDWR)
for request, value in ((0x40086602, 0x10), (0x40086602, 0x20), (0x401C5820, 0)):
    try:
        fcntl.ioctl(descriptor, request, array.array("L", [value] * 4))
        print("ESCAPED", hex(request))
    except OSError as refused:
        print("held", refused)
for name, value in (("security.capability", struct.pack("<IIIII", 0x2000001, 0xFFFFFFFF, 0, 0, 0)), ("trusted.x", b"x"), ("security.selinux", b"x")):
    try:
        os.setxattr(path, name, value)
        print("ESCAPED", name)
    except OSError as refused:
        print("held", refused)
try:
    os.chown(path, 0, 0)
    print("ESCAPED chown")
except OSError as refused:
    print("held", refused)
