"""Places and the waiting list (R40): never over the limit, and the turn is by points, then by date."""

from collections import Counter
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from concerto_education.engine.capacity import (
	Slot,
	Waiting,
	fitting,
	levels,
	margin,
	ranked,
	shortfalls,
	to_offer,
)

DAY = date(2026, 9, 9)


def slot(number: int = 0, group: str = "", unit: str = "jour") -> Slot:
	return Slot("ACM", "Site", DAY + timedelta(days=number), unit, group)


def waiting(id: str, *slots: Slot, asked: int = 0, points: int = 0) -> Waiting:
	return Waiting(id, datetime.fromisoformat("2026-06-01") + timedelta(hours=asked), slots, points)


def test_the_last_place_fits_and_the_next_does_not():
	limits = {slot(): 2}
	assert not shortfalls([slot()], {slot(): 1}, limits)
	short = shortfalls([slot()], {slot(): 2}, limits)
	assert [(entry.slot, entry.limit, entry.taken, entry.over) for entry in short] == [(slot(), 2, 2, 1)]


def test_none_is_no_limit_and_zero_is_closed():
	assert shortfalls([slot()], {}, {slot(): 0})
	assert not shortfalls([slot()], {slot(): 99}, {slot(): None})
	assert not shortfalls([slot()], {slot(): 99}, {})


def test_a_group_and_the_whole_site_both_limit():
	limits = {slot(group="Petits"): 5, slot(): 8}
	taken = {slot(group="Petits"): 2, slot(group="Grands"): 6}
	assert [entry.slot.group for entry in shortfalls([slot(group="Petits")], taken, limits)] == [""]
	assert levels(taken)[slot()] == 8


def test_wanted_together_counts_together():
	assert shortfalls([slot(), slot()], {slot(): 1}, {slot(): 2})
	assert fitting([slot(), slot()], {slot(): 1}, {slot(): 2}) == [True, False]


def test_the_margin_is_in_whole_persons():
	assert margin(20, 15) == 23 and margin(6, 15) == 6 and margin(10, 0) == 10


def test_points_first_then_the_date_of_the_request():
	entries = [waiting("late", asked=5), waiting("early", asked=1), waiting("resident", asked=9, points=10)]
	assert [entry.id for entry in ranked(entries)] == ["resident", "early", "late"]


def test_an_offer_holds_the_place():
	entries = [waiting("b", slot(), asked=2), waiting("a", slot(), asked=1)]
	assert [entry.id for entry in to_offer(entries, {slot(): 1}, {slot(): 2})] == ["a"]


def test_a_place_that_the_first_cannot_use_goes_to_the_next():
	limits = {slot(0): 1, slot(1): 1}
	entries = [waiting("two days", slot(0), slot(1), asked=1), waiting("one day", slot(0), asked=2)]
	assert [entry.id for entry in to_offer(entries, {slot(1): 1}, limits)] == ["one day"]


def test_who_waits_for_nothing_is_offered_nothing():
	assert not to_offer([waiting("a")], {}, {})


slots = st.builds(slot, st.integers(0, 3), st.sampled_from(["", "Petits", "Grands"]))
counts = st.dictionaries(slots, st.integers(0, 4))
limits_of = st.dictionaries(slots, st.integers(0, 5))


@given(st.lists(slots, max_size=12), counts, limits_of)
def test_what_fits_never_makes_a_slot_fuller_than_its_limit(wanted, taken, limits):
	held = Counter(taken)
	held.update(want for want, fits in zip(wanted, fitting(wanted, taken, limits), strict=True) if fits)
	before = levels(taken)
	for level, number in levels(held).items():
		assert limits.get(level) is None or number <= max(limits[level], before[level])


@given(
	st.lists(st.lists(slots, max_size=4), max_size=8),
	counts,
	limits_of,
)
def test_offers_never_make_a_slot_fuller_than_its_limit(wanted, taken, limits):
	entries = [waiting(str(index), *want, asked=index) for index, want in enumerate(wanted)]
	held = Counter(taken)
	for entry in to_offer(entries, taken, limits):
		held.update(entry.slots)
	before = levels(taken)
	for level, number in levels(held).items():
		assert limits.get(level) is None or number <= max(limits[level], before[level])
