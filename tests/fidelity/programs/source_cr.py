# Carriage returns alone end lines, too.
x = 1print(x)print('second')
