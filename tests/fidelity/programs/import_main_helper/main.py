# A module that looks at the main program.
value = "of main"
import looks
print(looks.seen())
