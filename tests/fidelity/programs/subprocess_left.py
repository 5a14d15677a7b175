# A child that is left alone: killed with the program, and told of in no way.
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1); print('never')"], start_new_session=True)
print("parent ends")
