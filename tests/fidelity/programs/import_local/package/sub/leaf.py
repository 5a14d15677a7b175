from .. import VALUE
from ..module import who
def up(): return VALUE, who()[0]
