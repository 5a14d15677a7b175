# Killed for memory: what was flushed is seen, what waits in the buffer is lost.
# ends: signal 9
print("seen", flush=True)
print("lost")
hoard = []
while True: hoard.append(bytearray(b"x") * (16 << 20))
