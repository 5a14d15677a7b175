# technique: the program is a shell for its input: exec of what the test says
# source: CTF write-ups: @exec @input
# verdict: WA
# invariant: input of a test is text, and what it says has the rights of the program
# without: seccomp capabilities network read_only_root
import builtins, code, codeop

lines = open(0).read().splitlines()
console = code.InteractiveInterpreter({"attack": None})
for line in [*lines, "import os; os.system('echo ESCAPED')", "open('/etc/shadow').read()"]:
    compiled = codeop.compile_command(line) if not line.split()[0] in ("attack", "port") else None
    try:
        exec(compiled or "None")
    except OSError as refused:
        print("held", refused)
