import sys

a, b = (int(word) for word in sys.stdin.read().split())
print("adding", a, "and", b, file=sys.stderr)
sys.stdout.write(f"   {a + b}   \n\n")
