print("", input().upper(), "")
