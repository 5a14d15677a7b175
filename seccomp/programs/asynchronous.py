"""asyncio: timers, threads, children, signals, streams over pipes and local sockets."""
import asyncio
import os
import signal
import sys
import tempfile


async def serve(reader, writer):
    writer.write((await reader.readline()).upper())
    await writer.drain()
    writer.close()


async def main():
    loop = asyncio.get_running_loop()
    print(await asyncio.gather(*(asyncio.sleep(0.001 * number, number) for number in range(5))))
    print(await asyncio.to_thread(sum, range(10)))
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-S", "-c", "print(input())", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    print((await child.communicate(b"to a child\n"))[0], child.returncode)
    arrived = asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, arrived.set)
    os.kill(os.getpid(), signal.SIGUSR1)
    await asyncio.wait_for(arrived.wait(), 30)
    path = os.path.join(tempfile.mkdtemp(), "socket")
    async with await asyncio.start_unix_server(serve, path):
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(b"over a local socket\n")
        print(await reader.readline())
        writer.close()
    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(600)
    except TimeoutError:
        print("timed out")


asyncio.run(main())
