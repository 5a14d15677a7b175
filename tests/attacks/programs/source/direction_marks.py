# technique: comments and texts with marks of direction, which show another program than runs
# source: CVE-2021-42574 (Trojan Source)
# verdict: WA
# invariant: what runs is what is judged
# without: seccomp
import os
def check(path):
    '''held ‮ ⁦ : nruter ;'''
    return os.path.exists(path)  # ‮ } ⁦ if admin ⁩ ⁦
print('ESCAPED' if check('/bin/sh') else 'held')
