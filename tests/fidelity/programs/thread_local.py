# Each thread has its own values.
import threading, contextvars
local, variable = threading.local(), contextvars.ContextVar("variable", default="unset")
local.value = "main"; variable.set("main")
def work(): print(hasattr(local, "value"), variable.get())
thread = threading.Thread(target=work, **({"context": contextvars.Context()} if hasattr(__import__("sys").flags, "thread_inherit_context") else {})); thread.start(); thread.join()
print(local.value, variable.get())
