# No context variable is set at the start.
import contextvars
print(len(contextvars.copy_context()))
variable = contextvars.ContextVar("variable")
try: variable.get()
except LookupError: print("unset")
token = variable.set(1)
print(contextvars.copy_context().run(lambda: (variable.get(), variable.set(2))) != (), variable.get(), len(contextvars.copy_context()))
variable.reset(token)
