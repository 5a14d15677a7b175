# The traceback module shows what the interpreter shows.
import traceback, sys
def f():
    try: 1 / 0
    except ZeroDivisionError as error: raise KeyError("x") from error
try:
    f()
except KeyError as error:
    traceback.print_exc()
    traceback.print_exc(limit=1, chain=False, file=sys.stdout)
    print(traceback.format_exc())
    print(traceback.format_tb(error.__traceback__), traceback.extract_tb(error.__traceback__))
    print(error.__traceback__.tb_lineno, error.__traceback__.tb_frame.f_code.co_name, error.__traceback__.tb_next.tb_lasti > 0)
    print("".join(traceback.TracebackException.from_exception(error, lookup_lines=False).format(chain=False)))
