# -*- coding: latin-1 -*-  A source in Latin-1.
print('äöü', len('ä'), ascii('ß'))
