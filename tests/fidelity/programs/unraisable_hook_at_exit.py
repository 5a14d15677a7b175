# A hook for finalizers that fail at the end of the interpreter.
import os, sys
class Hook:
    def __call__(self, args, write=os.write): write(1, f"hook {args.exc_type.__name__} {args.exc_value}\n".encode())
sys.unraisablehook = Hook()
class Thing:
    def __del__(self): raise ValueError("at the end")
thing = Thing()
print("done", flush=True)
