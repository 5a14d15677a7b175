"""Test sets: tests that are uploaded once, and named by submissions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from assize import _calls
from assize._requests import test_set_json
from assize.errors import NotFoundError

if TYPE_CHECKING:
    from assize._calls import Call
    from assize._requests import Tests, TestSet
    from assize.models import TestSetInfo


T = TypeVar("T")


class Send(Protocol):
    """Makes a call."""

    def __call__(self, call: Call[T], /) -> T:
        """Gives its answer."""


class AsyncSend(Protocol):
    """Makes a call, for asyncio."""

    async def __call__(self, call: Call[T], /) -> T:
        """Gives its answer."""


class TestSets:
    """The test sets of a site."""

    __test__ = False

    def __init__(self, send: Send) -> None:
        """Asks by this."""
        self._send = send

    def put(self, tests: Tests) -> TestSetInfo:
        """Has tests kept, and gives the name for `submit(..., test_set=...)`. What is there is not sent again."""
        json = test_set_json(tests)
        try:
            return self.get(_calls.test_set_name(json))
        except NotFoundError:
            return self._send(_calls.upload_test_set(json))

    def get(self, test_set: TestSet) -> TestSetInfo:
        """What is known of a test set; NotFoundError when it is not kept."""
        return self._send(_calls.test_set(test_set))

    def remove(self, test_set: TestSet) -> None:
        """Removes a test set; submissions that name it and are not judged yet are rejected."""
        self._send(_calls.remove_test_set(test_set))


class AsyncTestSets:
    """The test sets of a site, for asyncio."""

    __test__ = False

    def __init__(self, send: AsyncSend) -> None:
        """Asks by this."""
        self._send = send

    async def put(self, tests: Tests) -> TestSetInfo:
        """Has tests kept, and gives the name for `submit(..., test_set=...)`. What is there is not sent again."""
        json = test_set_json(tests)
        try:
            return await self.get(_calls.test_set_name(json))
        except NotFoundError:
            return await self._send(_calls.upload_test_set(json))

    async def get(self, test_set: TestSet) -> TestSetInfo:
        """What is known of a test set; NotFoundError when it is not kept."""
        return await self._send(_calls.test_set(test_set))

    async def remove(self, test_set: TestSet) -> None:
        """Removes a test set; submissions that name it and are not judged yet are rejected."""
        await self._send(_calls.remove_test_set(test_set))
