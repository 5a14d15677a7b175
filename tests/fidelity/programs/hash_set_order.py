# The order of a set of texts differs from run to run.
# differs between boxes
print({str(number) for number in range(100)})
