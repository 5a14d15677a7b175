# A thread that prints behind an exit with a message.
# ends: exit 1
import sys
import threading


def work():
    threading.main_thread().join()
    print("thread")


threading.Thread(target=work).start()
sys.exit("message")
