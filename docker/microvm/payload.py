"""Writes the compressed kernel that is in a bzImage to standard output: an uncompressed one boots sooner.

    payload.py BZIMAGE

Where it lies is said by the header of the boot protocol (Documentation/arch/x86/boot.rst of the Linux kernel).
"""

import struct
import sys

SECTOR = 512
SETUP_SECTORS = 0x1F1
MAGIC = 0x202
PAYLOAD = 0x248


def main():
    with open(sys.argv[1], "rb") as file:
        image = file.read()
    if image[MAGIC : MAGIC + 4] != b"HdrS":
        sys.exit(f"{sys.argv[1]} is no bzImage")
    offset, length = struct.unpack_from("<II", image, PAYLOAD)
    start = ((image[SETUP_SECTORS] or 4) + 1) * SECTOR + offset
    # Its last four bytes are the length of what is compressed, and not of its format.
    sys.stdout.buffer.write(image[start : start + length - 4])


main()
