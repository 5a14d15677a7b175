# technique: compressed source; coding: zlib
# source: PEP 263; codecs: binary transforms
# verdict: CE
# invariant: the compiler is a process of the box, with its limits; a worker parses no Python
# without: seccomp
print('held')
