# A traceback through the standard library.
# ends: exit 1
import json
json.loads('{"a": [1, 2')
