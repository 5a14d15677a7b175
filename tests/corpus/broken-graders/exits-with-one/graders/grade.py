print("AC 1")
raise SystemExit(1)
