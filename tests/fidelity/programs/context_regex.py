# Regular expressions start with an empty cache.
import re
cache = getattr(re, "_cache", None)
print(len(cache) if cache is not None else None, re.findall(r"\b(\w)(\w+)", "two words"), re.compile("a") is re.compile("a"))
