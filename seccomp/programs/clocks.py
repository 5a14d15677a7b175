"""time, datetime, zoneinfo, random, secrets, uuid, locale."""
import datetime
import locale
import os
import random
import secrets
import time
import uuid

time.sleep(0.001)
print(time.time() > 0, time.monotonic() > 0, time.perf_counter() > 0, time.process_time() > 0, time.thread_time() > 0)
print(time.clock_getres(time.CLOCK_MONOTONIC) > 0, time.get_clock_info("monotonic").monotonic)
print(time.clock_gettime(time.CLOCK_BOOTTIME) > 0, time.clock_gettime_ns(time.CLOCK_THREAD_CPUTIME_ID) > 0)
print(datetime.datetime.fromtimestamp(0, datetime.timezone.utc), time.localtime(0).tm_year in (1969, 1970))
os.environ["TZ"] = "Europe/Paris"
time.tzset()
random.seed(1)
print(random.random(), len(os.urandom(8)), len(secrets.token_bytes(8)), uuid.uuid4().version, len(os.getrandom(4)))
print(uuid.uuid1().version, random.SystemRandom().random() < 1)
print(locale.setlocale(locale.LC_ALL, "C.UTF-8"), locale.getpreferredencoding(), locale.strcoll("a", "b") < 0)
try:
    locale.setlocale(locale.LC_ALL, "de_DE.UTF-8")
except locale.Error:
    print("no such locale")
