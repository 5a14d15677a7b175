# An exception group with more members than are shown.
# ends: exit 1
raise ExceptionGroup("many", [ValueError(number) for number in range(40)])
