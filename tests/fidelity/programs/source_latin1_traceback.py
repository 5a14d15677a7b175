# A traceback from a source in Latin-1.
# -*- coding: latin-1 -*-
# ends: exit 1
def größe(): raise ValueError('ä')
größe()
