# Bytes that are no UTF-8, without an encoding.
# ends: exit 1
print('ä')
