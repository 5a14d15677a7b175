# @EXPECTED_SCORE@: 60
def merge(intervals):
    intervals.sort()
    merged = []
    for first, last in intervals:
        if merged and first <= merged[-1][1]:
            merged[-1] = [merged[-1][0], max(merged[-1][1], last)]
        else:
            merged.append([first, last])
    return merged
