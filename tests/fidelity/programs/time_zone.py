# The zone of the box, and dates in others.
import time, datetime, zoneinfo
print(time.tzname, time.timezone, time.strftime("%Z", time.localtime(0)), datetime.datetime.fromtimestamp(0), datetime.datetime.now().astimezone().tzinfo)
print(datetime.datetime(2024, 7, 1, 12, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")).astimezone(datetime.timezone.utc))
