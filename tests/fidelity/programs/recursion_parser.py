# Sources that are nested too deep.
for source in ("(" * 300 + ")" * 300, "-" * 100_000 + "1", "[" * 150 + "]" * 150, "+".join(["1"] * 20_000)):
    try:
        print(type(eval(source)).__name__)
    except (SyntaxError, RecursionError, MemoryError) as error:
        print(type(error).__name__, error)
