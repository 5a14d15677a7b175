# A byte order mark and another encoding.
# -*- coding: latin-1 -*-
# ends: exit 1
print('x')
