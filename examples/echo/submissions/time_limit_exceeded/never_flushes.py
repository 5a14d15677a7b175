# What it says stays in a buffer (readline, unlike input, does not empty it): both wait for ever.
import sys

while (line := sys.stdin.readline()) != "bye\n":
    print(line, end="")
