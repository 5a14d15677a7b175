# A source with a byte order mark.
print('ä', __doc__)
1 if True else 0
