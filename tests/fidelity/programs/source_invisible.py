# A space that does not break.
# ends: exit 1
x = 1 + 1
