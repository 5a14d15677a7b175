# technique: the text of a number with millions of digits, with the limit switched off
# source: CVE-2020-10735
# verdict: TLE
# invariant: arithmetic is CPU time
# without: seccomp capabilities
import sys

sys.set_int_max_str_digits(0)
number = 7**5_000_000
print(len(str(number)) * 0 + len(repr(number)))
