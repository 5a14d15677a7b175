# technique: a line break by an escape of 32 bits; coding: raw_unicode_escape
# source: PEP 263; CTF write-ups
# verdict: WA CE
# invariant: the encoding changes the text and not the rights
# without: seccomp
import os
#\u000aprint('ESCAPED' if os.path.exists('/etc/shadow') else 'held')
