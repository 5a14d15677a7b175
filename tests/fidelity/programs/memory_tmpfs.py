# Places that are full, and a file that may not grow.
import os
for name in ("/tmp/one", "/tmp/two", "large"):
    try:
        with open(name, "wb", buffering=0) as file:
            for _ in range(40 if name.startswith("/tmp") else 100): file.write(bytes(1 << 20))
    except OSError as error:
        print(name, error)
    print(os.path.getsize(name))
