# -*- coding: utf-8 -*-  An encoding that is named.
print("ä€", __file__)
