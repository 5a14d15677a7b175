"""signal: handlers, alarms, masks, waiting, and signals to oneself and to a child."""
import faulthandler
import os
import signal
import threading
import time

seen = []
signal.signal(signal.SIGALRM, lambda number, frame: seen.append(number))
signal.setitimer(signal.ITIMER_REAL, 0.01)
signal.pause()
signal.alarm(100)
print(seen == [signal.SIGALRM], signal.alarm(0) > 0, signal.getitimer(signal.ITIMER_REAL))
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
os.kill(os.getpid(), signal.SIGUSR1)
print(signal.sigpending() == {signal.SIGUSR1}, signal.sigwait({signal.SIGUSR1}) == signal.SIGUSR1)
signal.raise_signal(signal.SIGUSR1)
print(signal.sigwaitinfo({signal.SIGUSR1}).si_signo == signal.SIGUSR1)
print(signal.sigtimedwait({signal.SIGUSR1}, 0.01))
signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
signal.siginterrupt(signal.SIGALRM, True)
faulthandler.enable()
faulthandler.dump_traceback_later(600)
faulthandler.cancel_dump_traceback_later()

child = os.fork()
if child == 0:
    time.sleep(600)
handle = os.pidfd_open(child)
signal.pidfd_send_signal(handle, signal.SIGKILL)
print(os.waitid(os.P_PID, child, os.WEXITED).si_status)
child = os.fork()
if child == 0:
    os.abort()
print(os.WTERMSIG(os.waitpid(child, 0)[1]))
child = os.fork()
if child == 0:
    faulthandler.disable()
    faulthandler._sigsegv()
print(os.WTERMSIG(os.wait()[1]))
