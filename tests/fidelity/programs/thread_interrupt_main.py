# A thread that interrupts the main one.
import _thread, threading, time
try:
    threading.Timer(0.05, _thread.interrupt_main).start()
    while True: time.sleep(0.01)
except KeyboardInterrupt:
    print("interrupted")
