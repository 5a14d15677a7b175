# Code that claims to be from this very file.
# ends: exit 1
code = compile("\n\n\n\ndef g():\n    raise ValueError\ng()", __file__, "exec")
exec(code)
