print("take what you like")
