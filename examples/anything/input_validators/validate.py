#!/usr/bin/env python3
import sys

sys.exit("expected no input" if open(0, newline="").read() else 42)
