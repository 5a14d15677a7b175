# Tabs and spaces mixed.
# ends: exit 1
if True:
        a = 1
	b = 2
