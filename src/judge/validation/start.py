# Starts the program of the judge that lies beside this file, which the environment may hold compiled
# (`docker/python3/compile_programs.py`).
import marshal


def program():
    with open(f"{__file__}.source", "rb") as file:
        source = file.read()
    try:
        name = __file__.rpartition("/")[2]
        with open(f"/usr/lib/assize/programs/{name}.{len(source)}", "rb") as file:
            known, code, _ = marshal.load(file)
    except OSError:
        known = None
    return code if known == source else compile(source, __file__, "exec", dont_inherit=True)


exec(program())
