# The decimal context at the start, in the main thread and in another one.
import decimal, threading
print(decimal.getcontext(), decimal.DefaultContext, decimal.HAVE_THREADS, decimal.HAVE_CONTEXTVAR)
decimal.getcontext().prec = 5
print(decimal.Decimal(1) / 7)
def work(): print(decimal.Decimal(1) / 7)
thread = threading.Thread(target=work); thread.start(); thread.join()
with decimal.localcontext(prec=2): print(decimal.Decimal(1) / 3)
print(decimal.getcontext().flags[decimal.Inexact])
