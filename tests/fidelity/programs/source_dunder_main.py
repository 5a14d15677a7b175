# A guard, functions below it, and a main function.
import sys
def main(argv):
    print(__name__, argv)
    return 3 if len(argv) > 1 else 0
if __name__ == "__main__":
    sys.exit(main(sys.argv))
