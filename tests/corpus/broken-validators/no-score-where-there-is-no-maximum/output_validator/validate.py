import sys

feedback = sys.argv[3]
sys.stdin.read()
sys.exit(42)
