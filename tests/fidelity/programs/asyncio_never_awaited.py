# A coroutine that nobody awaits.
import asyncio
async def work(): pass
work()
async def main(): work()
asyncio.run(main())
