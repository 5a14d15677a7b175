# technique: the environment of the program, of the shell that is not there and of the interpreter's configuration
# source: THREATS: environment
# verdict: WA
# invariant: the worker's environment stays with the worker
# without: seccomp capabilities network read_only_root
import os, sys, sysconfig

for name, value in os.environ.items():
    print(name, value)
print(open("/proc/self/environ", "rb").read())
print(sys.argv, sys.orig_argv, sys.path, sys._xoptions, sysconfig.get_config_var("userbase"))
