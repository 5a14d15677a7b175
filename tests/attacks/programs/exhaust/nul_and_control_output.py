# technique: output of NUL, control characters, half characters of UTF-8 and the longest combining sequences
# source: "Zalgo text", terminal escape sequences
# verdict: WA
# invariant: output is bytes; what is shown of it is made harmless
# without: seccomp capabilities
import os

os.write(1, b"\0" * 5000 + b"\x1b[2J\x1b]0;title\x07\x9b31m" * 100 + b"\xf0\x9f\xc3\xff\xfe\xed\xa0\x80" * 500)
os.write(2, ("e" + "\u0301" * 5000 + "\u202e\u2066\ufeff").encode())
