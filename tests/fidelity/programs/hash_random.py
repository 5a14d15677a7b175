# Hashes of texts and bytes differ from run to run.
# differs between boxes
import datetime
print(hash("a"))
print(hash(b"bytes"))
print(hash(datetime.date(2024, 1, 1)))
print(hash(("a", 1)))
