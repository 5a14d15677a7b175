"""Threads of a batch."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def in_thread(work: Callable[[], T]) -> Future[T]:
    """Does this in a thread of its own, for which the end of the process does not wait.

    That of a pool is waited for, even in the middle of a request that the service may keep for half a minute.
    """
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001
            future.set_exception(error)

    threading.Thread(target=run, name="assize", daemon=True).start()
    return future
