# logging: the default of the last resort, and a configured one.
import logging
logging.warning("careful"); logging.info("unseen")
print(logging.getLogger().handlers != [], logging.root.level)
logging.getLogger("a.b").error("with %s", "arguments")
try: 1 / 0
except ZeroDivisionError: logging.exception("failed")
