# The function has another name.
def leap(year):
    return year % 4 == 0
