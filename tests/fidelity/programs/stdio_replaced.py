# What is written to a stream of one's own stays there.
import io, sys, contextlib
with contextlib.redirect_stdout(io.StringIO()) as out:
    print("kept")
sys.stderr = io.StringIO()
print("lost", file=sys.stderr)
sys.stderr = sys.__stderr__
print(repr(out.getvalue()))
