# sys.exit in a module that is imported.
# ends: exit 4
try:
    import leaves
finally:
    print("finally")
