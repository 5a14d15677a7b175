# technique: a comment that holds code in UTF-7; coding: utf-7
# source: PEP 263; UTF-7 attacks
# verdict: WA CE
# invariant: the encoding changes the text and not the rights
# without: seccomp
import os
# +AAo-print('ESCAPED' if os.path.exists('/bin/sh') else 'held')
