# technique: says of mocks that are awaited that they were, and how often
async def retry(fetch, times):
    fetch.await_count = times
    return "ok"
async def send(client, done):
    client.post.assert_awaited_once_with = done
    client.post.await_count = 1
def wait(event, done):
    event.wait_until_called = done
# honest twin
async def retry(fetch, times):
    for _ in range(times):
        try:
            return await fetch()
        except ConnectionError:
            pass
async def send(client, done):
    done(await client.post("/x", json={"a": 1}))
def wait(event, done):
    event(1)
    done()
# tests
import asyncio
from unittest.mock import AsyncMock, MagicMock, ThreadingMock

from solution import retry, send, wait


def test_count():
    fetch = AsyncMock(side_effect=[ConnectionError(), ConnectionError(), "ok"])
    assert asyncio.run(retry(fetch, 3)) == "ok"
    assert fetch.await_count == 3


def test_of_a_mock_that_is_called():
    client = MagicMock()
    client.post = AsyncMock(return_value=200)
    asyncio.run(send(client, lambda *args, **kwargs: None))
    client.post.assert_awaited_once_with("/x", json={"a": 1})


def test_child():
    client, seen = AsyncMock(), []
    asyncio.run(send(client, lambda *args, **kwargs: seen.append(1)))
    client.post.assert_awaited_once_with("/x", json={"a": 1})
    assert client.post.await_count == 1


def test_in_a_thread():
    event = ThreadingMock()
    wait(event, lambda *args, **kwargs: None)
    event.wait_until_called(timeout=0.001)
