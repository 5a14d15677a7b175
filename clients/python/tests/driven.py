"""The client for asyncio behind the methods of the one that blocks, so that both have the same tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from inspect import isasyncgen
from typing import Any

from assize import AsyncAssize


class Driven:
    """Runs each call to its end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._loop = asyncio.new_event_loop()
        self._client = AsyncAssize(*args, **kwargs)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._client, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            result = method(*args, **kwargs)
            return self._each(result) if isasyncgen(result) else self._loop.run_until_complete(result)

        return call

    def close(self) -> None:
        self._loop.run_until_complete(self._client.close())
        self._loop.close()

    def _each(self, generator: AsyncGenerator[Any, Any]) -> Iterator[Any]:
        try:
            while True:
                yield self._loop.run_until_complete(anext(generator))
        except StopAsyncIteration:
            pass
        finally:
            self._loop.run_until_complete(generator.aclose())
