# technique: gi_frame.f_back of a running generator, up to the first frame of the process
# source: "Escaping with generators" (UIUCTF, L3akCTF write-ups)
# verdict: WA
# invariant: no frame of the judge is below the program
# without: seccomp capabilities network read_only_root
def climb():
    yield [generator.gi_frame.f_back]

generator = climb()
frame = next(generator)[0]
while frame.f_back is not None:
    frame = frame.f_back
foreign = set(frame.f_globals) & {"native", "prepare", "serve", "take_place", "program", "warm", "pristine"}
print(f"ESCAPED names of the zygote: {foreign}" if foreign else "held")
