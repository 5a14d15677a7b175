# The collector is on, its thresholds are the usual ones and nothing is frozen.
import gc
print(gc.isenabled(), gc.get_threshold(), gc.get_freeze_count(), gc.garbage, gc.callbacks, gc.get_debug())
