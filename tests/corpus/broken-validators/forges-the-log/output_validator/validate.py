import sys

sys.stdin.read()
sys.stderr.write("\x1b[2K\n2026-01-01T00:00:00Z ERROR forged\0\u202e\n")
sys.exit(1)
