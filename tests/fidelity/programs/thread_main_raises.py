# The main thread fails while another one still runs.
# ends: exit 1
import threading, time
def work():
    time.sleep(0.5)
    print("thread ends")
threading.Thread(target=work).start()
raise ValueError("main")
