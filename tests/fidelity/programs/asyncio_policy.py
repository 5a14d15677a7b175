# No loop runs at the start, and none is set.
import asyncio, warnings
try: asyncio.get_running_loop()
except RuntimeError as error: print(error)
print(asyncio._get_running_loop(), asyncio.coroutines._is_debug_mode())
loop = asyncio.new_event_loop(); print(loop.is_running(), loop.get_debug()); loop.close()
