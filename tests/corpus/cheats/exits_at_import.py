# technique: ends with exit code 0 while it is imported
import sys
sys.exit(0)
# honest twin
import sys
def add(a, b):
    return a + b
if __name__ == "__main__":
    sys.exit(0)
