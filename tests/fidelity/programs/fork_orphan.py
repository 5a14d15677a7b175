# A child that lives longer than the program is killed with it.
import os, time
if os.fork() == 0:
    time.sleep(1)
    os.write(1, b"never\n")
    os._exit(0)
print("parent ends")
