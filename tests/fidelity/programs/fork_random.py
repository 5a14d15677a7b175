# A child is seeded anew, while its parent draws on.
import os, random
random.seed(5)
random.random()
reader, writer = os.pipe()
if os.fork() == 0:
    os.write(writer, repr(random.random()).encode())
    os._exit(0)
os.wait()
drawn = random.random()
print(drawn, os.read(reader, 99).decode() != repr(drawn))
