import time

while (line := input()) != "bye":
    print(line, flush=True)
    time.sleep(600)
