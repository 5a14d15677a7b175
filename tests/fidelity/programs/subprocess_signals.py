# What a child inherits: signals, session, limits.
import subprocess, sys
code = "import signal, os; print(signal.getsignal(signal.SIGPIPE), signal.getsignal(signal.SIGINT), signal.pthread_sigmask(0, []), os.getsid(0) == os.getppid()); print([l for l in open('/proc/self/status') if l.startswith(('SigB', 'SigI', 'SigC'))])"
print(subprocess.check_output([sys.executable, "-c", code], text=True))
print(subprocess.check_output([sys.executable, "-c", code], text=True, restore_signals=False))
