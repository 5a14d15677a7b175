import time

task, baton = input().split()
if task == "decode":
    time.sleep(600)
print("ab")
