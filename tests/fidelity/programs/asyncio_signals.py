# Signals in the loop.
import asyncio, os, signal
async def main():
    loop, got = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, got.set)
    os.kill(os.getpid(), signal.SIGUSR1)
    await got.wait()
    print("got it", signal.getsignal(signal.SIGUSR2) == signal.SIG_DFL)
asyncio.run(main())
