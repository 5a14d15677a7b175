# technique: byte order marks, zero width and no-break spaces in the middle
# source: CPython: invalid non-printable character
# verdict: CE
# invariant: the compiler is a process of the box, with its limits; a worker parses no Python
# without: seccomp
x = 1
﻿print('held')
​y = 2
 z = 3
