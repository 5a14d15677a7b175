# Codecs and error handlers.
import codecs
print("ä".encode("latin-1"), "ä€".encode("ascii", "xmlcharrefreplace"), b"\xff".decode("utf-8", "replace"), codecs.lookup("utf8").name, "abc".encode("utf-16"), codecs.encode("abc", "rot13"))
try: codecs.lookup_error("mine")
except LookupError as error: print(error)
try: "x".encode("nothing")
except LookupError as error: print(error)
