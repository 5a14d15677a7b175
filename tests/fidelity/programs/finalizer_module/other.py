class Thing:
    def __init__(self, name): self.name = name
    def __del__(self): print("gone", self.name, __name__)
kept = Thing("module")
