# technique: an encoding that nobody has, searched for among modules; coding: attack-encoding-that-nobody-has
# source: PEP 263; encodings package
# verdict: CE
# invariant: the compiler is a process of the box, with its limits; a worker parses no Python
# without: seccomp
print('held')
