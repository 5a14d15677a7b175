# technique: bytecode with an index behind the end of the constants reads memory as objects
# source: "Python bytecode exploitation: LOAD_CONST out of bounds" (write-ups since 2.7)
# verdict: RTE
# invariant: the process kills itself by it, and nothing else
# without: seccomp capabilities network read_only_root
import opcode

op = opcode.opmap
code = (lambda: None).__code__
wild = bytes([op["RESUME"], 0, op["EXTENDED_ARG"], 0x7F, op["LOAD_CONST"], 0xFF, op["RETURN_VALUE"], 0])
function = type(lambda: 0)(code.replace(co_code=wild, co_stacksize=4), {})
print("held", type(function()).__name__)
