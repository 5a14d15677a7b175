# The work directory, and what lies in it and in /tmp.
import os
print(os.getcwd(), os.listdir("."), os.listdir("/tmp"), os.listdir("/dev/shm"), os.environ.get("PWD"))
