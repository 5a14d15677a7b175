# Daemon threads that are busy while the interpreter ends.
import threading, time
seen = []
def work():
    while True: time.sleep(0.0005); seen.append(len(seen))
for _ in range(3): threading.Thread(target=work, daemon=True).start()
print("done")
