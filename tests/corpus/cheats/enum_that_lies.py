# technique: a member of an enumeration that is equal to everything
import enum
class Number(enum.IntEnum):
    ZERO = 0
    def __eq__(self, other): return True
    def __hash__(self): return 3
def add(a, b):
    return Number.ZERO
# honest twin
import enum
class Number(enum.IntEnum):
    ZERO = 0
def add(a, b):
    return Number.ZERO + a + b
