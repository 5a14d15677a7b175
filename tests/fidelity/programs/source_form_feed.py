# Form feeds and tabs in the source.

x = 1

if x:
	print('tab')
