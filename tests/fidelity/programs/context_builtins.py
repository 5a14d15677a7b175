# What is put into builtins is seen everywhere, and _ is not there.
import builtins
print(hasattr(builtins, "_"), hasattr(builtins, "__debug__"), __debug__, sorted(set(dir(builtins)) & {"exit", "quit", "copyright", "credits", "license", "help"}))
builtins.everywhere = 5
print(everywhere, repr(copyright)[:20])
