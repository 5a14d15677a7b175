# technique: no output, only white space, only line ends, by test
# source: validators that compare line by line up to the shorter end
# verdict: WA
# invariant: nothing is not an answer
# without: seccomp
import sys

number = int(open(0).readline().split()[1])
sys.stdout.write(["", " \t\r\n" * 1000, "\n" * 30000, "\x1a\x04"][number % 4])
