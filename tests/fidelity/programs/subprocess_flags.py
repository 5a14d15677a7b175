# Options and variables of the interpreter, which a child gets.
import subprocess, sys, os
def run(*options, **env):
    code = "import sys; print(sys.flags, sys._xoptions, sys.warnoptions)"
    print(options, env, subprocess.check_output([sys.executable, *options, "-c", code], env={**os.environ, **env}, text=True))
for option in ("-O", "-OO", "-B", "-E", "-I", "-s", "-S", "-u", "-b", "-P", "-q"): run(option)
for value in ("dev", "utf8=0", "faulthandler", "int_max_str_digits=1000", "own=value"): run("-X", value)
run("-W", "error")
run(PYTHONOPTIMIZE="2", PYTHONHASHSEED="7", PYTHONWARNINGS="ignore", PYTHONUTF8="1", PYTHONUNBUFFERED="1", PYTHONSAFEPATH="1")
