# A file is always ready, and cannot be watched by epoll.
# ends: exit 1
import select
print(select.select([0], [], [], 0)[0])
select.epoll().register(0)
