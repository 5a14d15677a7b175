# Lines for code without a file, from linecache.
# ends: exit 1
import linecache
source = "def f():\n    raise ValueError('from nowhere')\n"
linecache.cache["<made>"] = (len(source), None, source.splitlines(True), "<made>")
exec(compile(source, "<made>", "exec"))
f()
