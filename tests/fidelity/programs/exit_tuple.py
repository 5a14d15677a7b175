# SystemExit with several arguments.
# ends: exit 1
raise SystemExit(1, "two")
