# SIGXCPU kills where it is not handled.
# ends: signal 24
import resource
resource.setrlimit(resource.RLIMIT_CPU, (1, 2))
print("flushed", flush=True)
while True: pass
