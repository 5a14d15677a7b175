# technique: gc.get_objects: every container of the interpreter, those of the zygote included
# source: CPython docs: gc.get_objects
# verdict: WA
# invariant: no object of the judge is in the interpreter, and no secret in any string
# without: seccomp capabilities network read_only_root
import gc

gc.unfreeze()
found = []
for thing in gc.get_objects():
    if isinstance(thing, dict):
        try:
            words = [word for pair in list(thing.items()) for word in pair if isinstance(word, str)]
        except RuntimeError:
            continue
        found += [word[:200] for word in words if word.startswith("ASSIZE-") or word.startswith("_assize")]
print("\n".join(sorted(set(found))[:50]))
print("ESCAPED the zygote is here" if any("_assize_zygote" in word for word in found if word != "_assize") else "held")
