VALUE = 1
def fail():
    return undefined + VALUE
