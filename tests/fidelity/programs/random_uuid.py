# A random UUID.
# differs
import uuid
print(uuid.uuid4())
