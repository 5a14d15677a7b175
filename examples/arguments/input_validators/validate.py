#!/usr/bin/env python3
import os
import sys

# Its working directory holds what stands beside the submission.
if open(0, newline="").read() or not os.path.exists("words.txt"):
    sys.exit("expected no standard input, and the file words.txt")
sys.exit(42)
