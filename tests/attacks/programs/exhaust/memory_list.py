# technique: a list that grows without end
# source: THREATS: anonymous memory
# verdict: MLE
# invariant: the memory limit ends the program and nothing else
# without: seccomp capabilities
hoard = []
while True:
    hoard.append(bytearray(1 << 20))
