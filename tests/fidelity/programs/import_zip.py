# Modules in an archive.
import zipfile, sys
with zipfile.ZipFile("modules.zip", "w") as archive: archive.writestr("zipped.py", "print(__file__, __loader__.__class__.__name__)\n")
sys.path.insert(0, "modules.zip")
import zipped
