# The program is small at the start.
with open("/proc/self/status") as file:
    sizes = {line.split(":")[0]: int(line.split()[1]) for line in file if line.startswith(("VmRSS", "VmPeak", "VmHWM", "VmSwap", "VmLck", "VmPin"))}
print(sizes["VmRSS"] < 40_000, sizes["VmHWM"] < 40_000, sizes["VmPeak"] < 400_000, sizes["VmSwap"], sizes["VmLck"], sizes["VmPin"])
