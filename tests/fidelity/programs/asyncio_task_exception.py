# An exception in a task whose result is never read.
import asyncio
async def fails(): raise ValueError("unseen")
async def main():
    task = asyncio.ensure_future(fails())
    await asyncio.sleep(0.01)
    return task.exception() is not None
print(asyncio.run(main()))
