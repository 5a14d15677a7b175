print("PAC 1")
