# A crash that faulthandler describes.
# ends: signal 6
import faulthandler, os
faulthandler.enable(all_threads=False)
print(faulthandler.is_enabled(), flush=True)
def crash(): os.abort()
crash()
