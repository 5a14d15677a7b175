# The usual program: numbers in, an answer out.
def main():
    n = int(input())
    values = list(map(int, input().split()))
    assert len(values) == n
    print(sum(values), max(values), *sorted(values))
main()
