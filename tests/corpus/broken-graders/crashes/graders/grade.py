int("no number")
