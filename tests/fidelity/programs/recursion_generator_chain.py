# A long chain of generators and of iterators.
def count(n):
    yield n
    if n: yield from count(n - 1)
print(sum(count(500)))
chain = iter([1])
for _ in range(20_000): chain = map(abs, chain)
try: print(list(chain))
except RecursionError as error: print(error)
