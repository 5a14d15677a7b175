# An attribute that is nearly right.
# ends: exit 1
class Point:
    def __init__(self): self.distance = 1
Point().distanec
