# Streams can be reconfigured.
import sys
sys.stdout.reconfigure(encoding="latin-1", errors="replace", newline="\r\n", line_buffering=True)
print("ä€")
sys.stdin.reconfigure(encoding="latin-1", errors="strict")
print(sys.stdout.line_buffering, sys.stdin.encoding)
