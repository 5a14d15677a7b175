# A console at the end of the input.
import code
code.interact(banner="hello", local={"x": 5}, exitmsg="bye")
print("after")
