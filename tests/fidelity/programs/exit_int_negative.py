# A negative exit status.
# ends: exit 255
raise SystemExit(-1)
