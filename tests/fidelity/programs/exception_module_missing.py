# A module that is nowhere.
# ends: exit 1
import no_such_module
