# argparse names the program as it was started.
# args: --count x
# ends: exit 2
import argparse
parser = argparse.ArgumentParser(description="Counts.")
parser.add_argument("--count", type=int)
print(parser.prog)
parser.parse_args()
