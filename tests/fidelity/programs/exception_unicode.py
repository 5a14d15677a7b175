# A traceback with text of every kind.
# ends: exit 1
größe = "€😀\udc80\u202e\x00\x1b[31m"
raise ValueError(größe)
