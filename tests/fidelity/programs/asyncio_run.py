# asyncio: tasks, gather, timeouts, queues.
import asyncio
async def work(number):
    await asyncio.sleep(0.01 * number)
    return number
async def main():
    print(await asyncio.gather(*(work(number) for number in (3, 1, 2))))
    try:
        async with asyncio.timeout(0.01): await asyncio.sleep(20)
    except TimeoutError: print("timeout")
    queue = asyncio.Queue()
    await queue.put(1)
    print(await queue.get(), asyncio.get_running_loop().get_debug(), type(asyncio.get_running_loop()).__name__, asyncio.current_task().get_name())
    print(await asyncio.to_thread(lambda: "in a thread"))
asyncio.run(main())
