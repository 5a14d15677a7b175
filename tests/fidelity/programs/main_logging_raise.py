# logging with wrong arguments is silent where that is wanted.
import logging, sys
logging.raiseExceptions = False
logging.basicConfig(format="%(levelname)s %(module)s %(funcName)s %(lineno)d %(processName)s %(threadName)s %(filename)s", stream=sys.stdout)
def f(): logging.error("x %d", "y"); logging.error("fine")
f()
