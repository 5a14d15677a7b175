# technique: indentation by tabs and spaces that can be read in two ways
# source: CPython: TabError
# verdict: CE
# invariant: the compiler is a process of the box, with its limits; a worker parses no Python
# without: seccomp
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
if 1:
        x = 1
	y = 2
