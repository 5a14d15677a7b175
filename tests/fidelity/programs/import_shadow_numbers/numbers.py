raise_me = True
