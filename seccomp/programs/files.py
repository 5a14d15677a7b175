"""os, shutil, pathlib, tempfile, glob, mmap, fcntl: files in the writable places, and refusals elsewhere."""
import fcntl
import glob
import mmap
import os
import pathlib
import shutil
import tempfile

place = pathlib.Path(tempfile.mkdtemp())
first = place / "first"
first.write_text("hello\n" * 1000)
shutil.copy2(first, place / "second")
shutil.copytree(place, place.with_suffix(".tree"))
(place / "second").rename(place / "third")
os.replace(place / "third", place / "fourth")
os.link(first, place / "hard")
(place / "soft").symlink_to(first)
print(os.readlink(place / "soft") == str(first), os.path.realpath(place / "soft") == str(first))
os.chmod(first, 0o600)
os.truncate(first, 100)
os.utime(first, (1, 2))
print(oct(first.stat().st_mode), first.stat().st_size, int(first.stat().st_mtime), os.access(first, os.W_OK))
print(sorted(os.path.basename(path) for path in glob.glob(f"{place}/**", recursive=True) if path != f"{place}/"))
print(sorted(entry.name for entry in os.scandir(place)), len(list(os.walk(place))))
os.mkfifo(place / "fifo")
os.mkdir(place / "empty")
os.rmdir(place / "empty")

with open(first, "r+b") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    fcntl.lockf(file, fcntl.LOCK_EX)
    print(os.pread(file.fileno(), 5, 0), os.pwrite(file.fileno(), b"J", 0), os.preadv(file.fileno(), [bytearray(3)], 0))
    print(os.readv(file.fileno(), [bytearray(2)]), os.pwritev(file.fileno(), [b"H"], 0), os.lseek(file.fileno(), 0, 0))
    print(os.writev(file.fileno(), [b"ab", b"c"]), os.lseek(file.fileno(), 0, os.SEEK_END))
    os.posix_fallocate(file.fileno(), 0, 8192)
    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_SEQUENTIAL)
    os.ftruncate(file.fileno(), 8192)
    os.fsync(file.fileno())
    os.fdatasync(file.fileno())
    with mmap.mmap(file.fileno(), 0) as mapped:
        mapped[:4] = b"mmap"
        mapped.flush()
        mapped.madvise(mmap.MADV_SEQUENTIAL)
        mapped.resize(16384)
    print(os.fstat(file.fileno()).st_size, shutil.disk_usage(place).total > 0)
anonymous = mmap.mmap(-1, 1 << 20)
anonymous.write(b"x" * 100)
with open(first, "rb") as source, open(place / "sent", "wb") as target:
    print(os.copy_file_range(source.fileno(), target.fileno(), 10))

with tempfile.TemporaryFile() as file, tempfile.NamedTemporaryFile(), tempfile.SpooledTemporaryFile():
    print(file.write(b"temporary"))
previous = os.getcwd()
os.chdir(place)
directory = os.open(place, os.O_RDONLY)
print(os.stat("first", dir_fd=directory).st_size, sorted(os.listdir(directory))[:2], os.getcwd() == str(place))
os.fchdir(directory)
os.mkdir("made", dir_fd=directory)
os.symlink("made", "to-made", dir_fd=directory)
os.rename("to-made", "renamed", src_dir_fd=directory, dst_dir_fd=directory)
os.link("first", "linked", src_dir_fd=directory, dst_dir_fd=directory)
os.unlink("linked", dir_fd=directory)
os.fchmod(directory, 0o700)
os.chmod("made", 0o700, dir_fd=directory)
os.chmod("made", 0o700, follow_symlinks=False)
print(os.access("made", os.W_OK, dir_fd=directory), os.access("made", os.W_OK, effective_ids=True))
shutil.copy2("renamed", "copied", follow_symlinks=False)
print(os.listxattr(directory), os.readlink("copied", dir_fd=directory))
os.umask(0o022)
print(os.listxattr(first), os.statvfs(place).f_bsize > 0, os.path.ismount("/tmp"))
os.chdir(previous)
shutil.rmtree(place)
shutil.rmtree(place.with_suffix(".tree"))
for refused in ("/etc/made", "/usr/lib/made"):
    try:
        open(refused, "w")
    except OSError as error:
        print(refused, error.errno)
