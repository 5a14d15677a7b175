# An audit hook sees what happens from then on.
import sys
seen = []
sys.addaudithook(lambda event, args: seen.append(event))
open("file.txt", "w").close()
import colorsys
exec("1")
print(seen)
