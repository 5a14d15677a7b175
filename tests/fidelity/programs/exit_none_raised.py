# SystemExit as a class.
raise SystemExit
