# Notes on an exception.
# ends: exit 1
error = ValueError("it")
error.add_note("first note")
error.add_note("second\nnote ä")
raise error
