# technique: an encoding whose name is a path; coding: ..tmp.evil
# source: CPython: encodings.search_function
# verdict: CE
# invariant: the compiler is a process of the box, with its limits; a worker parses no Python
# without: seccomp
print('held')
