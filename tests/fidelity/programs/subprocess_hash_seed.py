# A fixed hash seed gives the same in every child.
import subprocess, sys, os
def ask(seed): return subprocess.check_output([sys.executable, "-c", "print(hash('a'), list({'a', 'b', 'c', 'd'}))"], env={**os.environ, "PYTHONHASHSEED": seed}, text=True)
print(ask("0"), ask("1"), ask("0") == ask("0"), ask("random") != ask("random"))
