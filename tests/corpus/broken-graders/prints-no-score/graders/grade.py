print("AC")
