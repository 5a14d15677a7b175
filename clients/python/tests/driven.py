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

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        return self._driven(found) if callable(found) else _Part(self._driven, found)

    def _driven(self, method: Callable[..., Any]) -> Callable[..., Any]:
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


class _Part:
    """Methods that belong together, such as `test_sets`."""

    def __init__(self, driven: Callable[[Callable[..., Any]], Callable[..., Any]], methods: object) -> None:
        self._driven, self._methods = driven, methods

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return self._driven(getattr(self._methods, name))
