# shellcheck shell=bash disable=SC2034 # scripts that source it use what it names
# Environments of boxes: each has an image assize/NAME, a root directory for nsjail, and a disk for virtual machines.

ENVIRONMENTS='python3 pypy3 toolchain pytest'
