# Contexts in threads come from the default one.
import decimal, threading
decimal.DefaultContext.prec = 7
decimal.setcontext(decimal.Context(prec=9))
print(decimal.Decimal(2).sqrt(), decimal.BasicContext.prec, decimal.ExtendedContext.traps[decimal.DivisionByZero])
