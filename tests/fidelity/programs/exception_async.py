# A traceback through asyncio.
# ends: exit 1
import asyncio
async def inner():
    await asyncio.sleep(0)
    raise ValueError("in a task")
async def main():
    async with asyncio.TaskGroup() as group:
        group.create_task(inner())
asyncio.run(main())
