# Newer parts of the language.
def kind(value):
    match value:
        case {"a": [first, *rest]}: return first, rest
        case int() | float() if value > 1: return "big"
        case str(text): return text
        case _: return None
print(kind({"a": [1, 2, 3]}), kind(5), kind("x"), kind(0), [y := 5, y ** 2], (lambda a, /, b, *, c: a + b + c)(1, 2, c=3))
async def numbers():
    for number in range(3): yield number
import asyncio
async def collect(): return [number async for number in numbers()]
print(asyncio.run(collect()))
