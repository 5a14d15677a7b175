# An interrupt cancels the main task.
import asyncio, os, signal
async def main():
    try:
        asyncio.get_running_loop().call_later(0.05, os.kill, os.getpid(), signal.SIGINT)
        await asyncio.sleep(20)
    except asyncio.CancelledError:
        print("cancelled")
        raise
try: asyncio.run(main())
except KeyboardInterrupt: print("interrupted")
