# technique: a coroutine, which is true and has not run
async def add(a, b):
    return 0
# honest twin
import asyncio
async def later(a, b):
    return a + b
def add(a, b):
    return asyncio.run(later(a, b))
