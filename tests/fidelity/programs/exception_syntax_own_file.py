# A syntax error that names the program's own file and line.
# ends: exit 1
raise SyntaxError("made up", (__file__, 3, 7, None, 3, 13))
