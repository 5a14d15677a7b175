# technique: calls without parentheses: decorators hand a class to format, and its result to eval
# source: CTF write-ups: "pyjail without parentheses"
# verdict: WA
# invariant: eval reaches os, and os reaches nothing
# without: seccomp capabilities network read_only_root
@print
@eval
@"""'ESCAPED' if __import__('os').path.exists('/bin/sh') or __import__('os').getuid() == 0 else 'held'""".format
class _:
    pass
