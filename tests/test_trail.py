"""A trail: a sequence that grows without copies and without changing what others hold of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate_tui.call.trail import Trail


def test_adding_gives_a_longer_trail_and_leaves_the_old_one():
    short = Trail("ab")
    longer = short.add("c")
    assert list(short) == ["a", "b"]
    assert list(longer) == ["a", "b", "c"]
    assert (len(short), len(longer)) == (2, 3)


def test_two_trails_that_grow_from_one_do_not_meet():
    stem = Trail([1])
    left, right = stem.add(2), stem.add(3)
    assert list(left.add(4)) == [1, 2, 4]
    assert list(right.add(5)) == [1, 3, 5]
    assert list(stem) == [1]


def test_a_trail_keeps_what_it_was_made_of_apart():
    items = [1, 2]
    trail = Trail(items)
    items.append(3)
    assert list(trail) == [1, 2]


def test_iterating_over_a_trail_ends_though_a_longer_one_grows_meanwhile():
    trail = Trail([1, 2])
    seen = []
    longer = trail
    for item in trail:
        longer = longer.add(item)
        seen.append(item)
    assert seen == [1, 2]
    assert list(longer) == [1, 2, 1, 2]


def test_trails_are_equal_by_what_they_hold():
    assert Trail().add(1).add(2) == Trail([1, 2])
    assert Trail([1, 2]) != Trail([2, 1])
    assert Trail([1]).add(2) != Trail([1])
    assert Trail([1]) != [1]
    assert hash(Trail([1]).add(2)) == hash(Trail([1, 2]))
    assert repr(Trail([1]).add(2)) == "Trail([1, 2])"


def test_a_trail_that_only_grows_is_never_copied():
    trail: Trail[int] = Trail()
    first = trail._shared
    for item in range(1000):
        trail = trail.add(item)
    assert trail._shared is first


@given(st.lists(st.integers()), st.integers(-6, 6), st.slices(6))
def test_items_stand_where_they_stand_in_a_list(items: list[int], place: int, part: slice):
    trail = Trail(items)
    trail.add(0)
    assert trail[part] == items[part]
    assert trail.last == (items[-1] if items else None)
    if -len(items) <= place < len(items):
        assert trail[place] == items[place]
    else:
        with pytest.raises(IndexError):
            trail[place]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers())))
def test_any_tree_of_trails_holds_what_lists_would_hold(growth: list[tuple[int, int]]):
    trails, lists = [Trail[int]()], [[]]
    for place, item in growth:
        origin = place % len(trails)
        trails.append(trails[origin].add(item))
        lists.append([*lists[origin], item])
    assert [list(trail) for trail in trails] == lists
