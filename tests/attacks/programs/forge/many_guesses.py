# technique: prints very many tokens, in the hope that one is found
# source: validators that search for the answer
# verdict: WA
# invariant: the output as a whole is compared
# without: seccomp
print("\n".join(f"{number:08x}" for number in range(7000)))
