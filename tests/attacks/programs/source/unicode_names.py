# technique: names that become other names by NFKC: fullwidth import, mathematical exec
# source: PEP 3131, PEP 672
# verdict: WA
# invariant: names are the interpreter's business, and the walls are elsewhere
# without: seccomp
import ｏｓ
for ｐath in ('/bin/sh', '/etc/shadow'):
    print('ESCAPED' if ᵒs.path.𝐞𝐱𝐢𝐬𝐭𝐬(path) else 'held')
