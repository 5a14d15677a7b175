# A daemon process is ended with the program, another one is waited for.
import multiprocessing as mp, time
def short(): time.sleep(0.5); print("short ends", flush=True)
def long(): time.sleep(60); print("never")
if __name__ == "__main__":
    context = mp.get_context("fork")
    context.Process(target=long, daemon=True).start()
    context.Process(target=short).start()
    print("main ends", flush=True)
