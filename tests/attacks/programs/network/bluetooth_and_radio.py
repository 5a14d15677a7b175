# technique: Bluetooth, CAN, NFC, IEEE 802.15.4 and amateur radio: families with drivers that few people look at
# source: BlueBorne, CVE-2020-12351, CVE-2010-2959, CVE-2016-8655
# verdict: WA
# invariant: no seldom used family can be reached
# without: seccomp network capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
for family in (31, 29, 39, 36, 3, 9, 11, 35, 28, 37, 34, 23):
    for kind in (1, 2, 3, 5):
        for protocol in range(8):
            if libc.socket(family, kind, protocol) >= 0:
                print("ESCAPED family", family, kind, protocol)
print("held", ctypes.get_errno())
