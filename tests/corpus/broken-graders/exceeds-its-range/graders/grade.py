print("AC 100.5")
