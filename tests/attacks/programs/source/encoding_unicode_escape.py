# technique: a comment that ends by an escape; coding: unicode_escape
# source: PEP 263; CTF write-ups
# verdict: WA CE
# invariant: the encoding changes the text and not the rights
# without: seccomp
import os
#\x0aprint('ESCAPED' if os.path.exists('/bin/sh') else 'held')
