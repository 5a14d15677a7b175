# technique: attributes by names that are computed, so that no scan of the source finds them
# source: PEP 578 (why scanning is not enough), CTF write-ups
# verdict: WA
# invariant: what is found is of no use: no shell
# without: seccomp capabilities network read_only_root
word = lambda text: "_" * 2 + text[::-1] + "_" * 2
function = getattr(getattr(print, word("flesr") [:0] or word("fles")), word("tropmi"))
module = function("".join(map(chr, (111, 115))))
attempt = getattr(module, "metsys"[::-1])
print("held" if attempt("".join(map(chr, (105, 100)))) else "ESCAPED a program was run")
