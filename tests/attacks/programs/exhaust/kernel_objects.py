# technique: epoll, eventfd, timerfd and signalfd objects, nested as far as it goes
# source: epoll(7): nesting; CVE-2011-1083
# verdict: WA
# invariant: objects are bounded by descriptors, and nesting by the kernel
# without: seccomp capabilities
import os, select, signal, time

held = []
try:
    inner = select.epoll()
    while True:
        outer = select.epoll()
        try:
            outer.register(inner, select.EPOLLIN)
        except OSError as refused:
            print("held", refused)
        held += [inner, os.eventfd(0), os.timerfd_create(time.CLOCK_MONOTONIC)]
        inner = outer
except OSError as refused:
    print("held", refused, len(held))
