# A solution that trips over its input.
# ends: exit 1
n, m = map(int, input().split())
