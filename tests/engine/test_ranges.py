"""DateRange, DateSet and DateMap against the naive model: plain sets and dicts of days."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerto_education.engine.errors import InvalidMonth, InvalidRange
from concerto_education.engine.ranges import DateMap, DateRange, DateSet, month_of
from tests.engine.build import day, span

START = date(2028, 2, 1)  # a leap year
WINDOW = DateRange(START, START + timedelta(days=89))
ranges = st.builds(
	lambda first, length: DateRange(START + timedelta(days=first), START + timedelta(days=first + length)),
	st.integers(0, 60),
	st.integers(0, 29),
)
sets = st.lists(ranges, max_size=6)
maps = st.lists(st.tuples(ranges, st.sampled_from("ABC")), max_size=8)


def days_of(items) -> set[date]:
	return {d for item in items for d in item.days()}


def model(entries) -> dict[date, str]:
	return {d: value for item, value in entries for d in item.days()}


# ---------------------------------------------------------------- DateRange


def test_both_ends_are_included():
	september = DateRange.month(2026, 9)
	assert day("2026-09-01") in september and day("2026-09-30") in september
	assert day("2026-08-31") not in september and day("2026-10-01") not in september
	assert september.count() == 30


@pytest.mark.parametrize(
	("text", "last"), [("2028-02", 29), ("2027-02", 28), ("2026-12", 31), ("2026-09", 30)]
)
def test_months(text, last):
	month = DateRange.parse(text)
	assert (month.start.day, month.end.day) == (1, last) and month_of(month.end) == text


@pytest.mark.parametrize(
	"text", ["2026-13", "2026-00", "2026-9", "09-2026", "", "0000-01", None, "2026-09-01"]
)
def test_a_wrong_month_is_named(text):
	with pytest.raises(InvalidMonth):
		DateRange.parse(text)


def test_a_range_that_ends_before_it_starts_is_refused():
	with pytest.raises(InvalidRange) as caught:
		span("2026-09-02", "2026-09-01")
	assert caught.value.params == {"start": day("2026-09-02"), "end": day("2026-09-01")}


@pytest.mark.parametrize("value", [datetime(2026, 9, 1), "2026-09-01", None])  # noqa: DTZ001
def test_only_days_begin_a_range(value):
	with pytest.raises(TypeError):
		DateRange(value)


def test_open_range():
	always = span("2026-09-01")
	assert date(2999, 1, 1) in always and always == DateRange(day("2026-09-01"), date.max)
	assert span("2027-01-01", "2027-01-31") in always
	with pytest.raises(ValueError):
		always.count()
	with pytest.raises(ValueError):
		list(always.days())


def test_adjacent_and_months():
	assert span("2026-09-01", "2026-09-30").adjacent(span("2026-10-01"))
	assert span("2026-10-01").adjacent(span("2026-09-01", "2026-09-30"))
	assert not span("2026-10-01").adjacent(span("2026-09-01", "2026-09-29"))
	months = [str(m) for m in span("2026-11-20", "2027-01-02").months()]
	assert months == ["2026-11-01..2026-11-30", "2026-12-01..2026-12-31", "2027-01-01..2027-01-31"]


@given(ranges, ranges)
def test_range_operations_agree_with_sets_of_days(a, b):
	one, two = set(a.days()), set(b.days())
	assert a.overlaps(b) == bool(one & two)
	common = a.intersection(b)
	assert (set(common.days()) if common else set()) == one & two
	assert days_of(a.subtract(b)) == one - two
	assert (b in a) == (two <= one)
	assert a.count() == len(one)


def test_subtract_with_open_ends():
	assert span("2026-09-01").subtract(span("2026-10-01")) == (span("2026-09-01", "2026-09-30"),)
	assert span("2026-09-01").subtract(span("2026-08-01", "2026-09-30")) == (span("2026-10-01"),)
	assert span("2026-09-01").subtract(span("2026-01-01")) == ()


# ---------------------------------------------------------------- DateSet


@given(sets, sets)
def test_set_operations_agree_with_sets_of_days(a, b):
	one, two = DateSet(a), DateSet(b)
	assert set(one.union(two).days()) == days_of(a) | days_of(b)
	assert set(one.intersection(two).days()) == days_of(a) & days_of(b)
	assert set(one.difference(two).days()) == days_of(a) - days_of(b)
	assert set(one.gaps(WINDOW).days()) == set(WINDOW.days()) - days_of(a)
	assert one.count() == len(days_of(a))
	assert [d for d in WINDOW.days() if d in one] == sorted(days_of(a))


@given(sets)
def test_a_set_is_normalised(items):
	ordered = DateSet(items).ranges
	for left, right in pairwise(ordered):
		assert left.end + timedelta(days=1) < right.start
	assert DateSet(items) == DateSet(reversed(items)) == DateSet.of_days(days_of(items))


def test_equality_is_of_days():
	one, other = span("2026-09-01", "2026-09-02"), span("2026-09-01", "2026-09-03")
	assert DateSet([one]) != DateSet([other]) and DateSet() != DateSet([one]) and DateSet([one]) != [one]
	assert DateMap([(one, 1)]) != DateMap([(one, 2)]) and DateMap([(one, 1)]) != DateMap([(other, 1)])
	assert len({DateSet([one]), DateSet([one])}) == 1 and not DateSet() and DateSet([one])


def test_open_sets():
	rest = DateSet([span("2026-09-01")]) - DateSet([span("2026-10-01", "2026-10-31")])
	assert rest.ranges == (span("2026-09-01", "2026-09-30"), span("2026-11-01"))
	assert DateSet([span("2026-09-01"), span("2026-09-15", "2026-09-16")]).ranges == (span("2026-09-01"),)


# ---------------------------------------------------------------- DateMap


@given(maps)
def test_the_later_entry_wins(entries):
	found, expected = DateMap(entries), model(entries)
	for d in WINDOW.days():
		assert found.get(d) == expected.get(d)
		assert (d in found) == (d in expected)
	assert set(found.covered().days()) == set(expected)
	assert set(found.gaps(WINDOW).days()) == set(WINDOW.days()) - set(expected)


@given(maps)
def test_a_map_is_normalised(entries):
	ordered = DateMap(entries).entries()
	for (left, a), (right, b) in pairwise(ordered):
		assert left.end < right.start and not (left.adjacent(right) and a == b)


@given(maps, maps, ranges)
def test_overlay_set_remove_clip(a, b, limit):
	base = DateMap(a)
	assert base.set_all(DateMap(b)) == DateMap(a + b)
	assert base.set(limit, "X") == DateMap([*a, (limit, "X")])
	inside = {d: v for d, v in model(a).items() if d in limit}
	outside = {d: v for d, v in model(a).items() if d not in limit}
	assert model(base.clip(limit).entries()) == inside
	assert model(base.remove(limit).entries()) == outside


@given(maps)
def test_transpose_says_who_when(entries):
	expected: dict[str, set[date]] = {}
	for d, value in model(entries).items():
		expected.setdefault(value, set()).add(d)
	assert {v: set(s.days()) for v, s in DateMap(entries).transpose().items()} == expected


def test_map_with_open_end():
	found = DateMap([(span("2026-09-01"), "A"), (span("2026-10-01", "2026-10-31"), "B")])
	assert found.entries() == (
		(span("2026-09-01", "2026-09-30"), "A"),
		(span("2026-10-01", "2026-10-31"), "B"),
		(span("2026-11-01"), "A"),
	)
	assert found.get(day("2026-08-31")) is None and found.get(date.max) == "A"
	assert found.map(str.lower).get(day("2026-10-01")) == "b"
