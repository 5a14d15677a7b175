# A coroutine that is never awaited.
import asyncio
async def work(): pass
work()
async def main(): work()
asyncio.run(main())
