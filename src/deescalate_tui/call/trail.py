"""A growing sequence that is a value: adding gives a new one, in constant time.

Trails share one list and each knows how much of it is its own, so that thousands of events
cost neither copies nor memory. A trail that grows from an older point copies once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Generic, TypeVar, overload

T = TypeVar("T")


class Trail(Generic[T]):
    """An immutable sequence with cheap appending."""

    __slots__ = ("_length", "_shared")

    def __init__(self, items: Iterable[T] = ()) -> None:
        self._shared = list(items)
        self._length = len(self._shared)

    def add(self, item: T) -> Trail[T]:
        """A trail with one more item; this one stays as it is."""
        longer: Trail[T] = Trail.__new__(Trail)
        longer._shared = self._shared if self._length == len(self._shared) else self._shared[: self._length]
        longer._shared.append(item)
        longer._length = self._length + 1
        return longer

    @property
    def last(self) -> T | None:
        """What was added last, None where there is nothing."""
        return self._shared[self._length - 1] if self._length else None

    @overload
    def __getitem__(self, place: int) -> T: ...

    @overload
    def __getitem__(self, place: slice) -> list[T]: ...

    def __getitem__(self, place: int | slice) -> T | list[T]:
        places = range(self._length)[place]
        return self._shared[places] if isinstance(places, int) else [self._shared[at] for at in places]

    def __iter__(self) -> Iterator[T]:
        return islice(self._shared, self._length)

    def __len__(self) -> int:
        return self._length

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Trail) or self._length != other._length:
            return False
        return self._shared is other._shared or list(self) == list(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"Trail({list(self)!r})"
