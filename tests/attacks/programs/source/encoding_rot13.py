# technique: a codec that is no encoding; coding: rot13
# source: PEP 263; codecs: text transforms
# verdict: CE
# invariant: the compiler is a process of the box, with its limits; a worker parses no Python
# without: seccomp
vzcbeg bf
print('held')
