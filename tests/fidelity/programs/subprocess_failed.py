# A child that fails, and a program that is not there.
# ends: exit 1
import subprocess, sys
try:
    subprocess.run(["/no/such/program"])
except FileNotFoundError as error:
    print(error)
try:
    subprocess.run("echo", shell=True)
except FileNotFoundError as error:
    print(error)
subprocess.run([sys.executable, "-c", "1/0"], check=True)
