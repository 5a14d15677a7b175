def merge_all(intervals):
    return intervals
