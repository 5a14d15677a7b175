# What finalizers print behind an interrupt.
# ends: signal 2


class Prints:
    def __del__(self):
        print("finalizer")


kept = Prints()
raise KeyboardInterrupt
