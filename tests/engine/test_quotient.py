"""The QF of a day (R14)."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerto_education.engine.errors import InvalidQuotient, MissingQuotient
from concerto_education.engine.quotient import UNKNOWN
from concerto_education.engine.ranges import DateRange
from tests.engine.build import ALWAYS, DAY, D, day, history, qf, span
from tests.engine.test_ranges import WINDOW, ranges


def test_the_latest_recorded_whose_span_holds_the_day():
	year = span("2026-09-01", "2027-08-31")
	known = history(qf(512, year, 1), qf(300, span("2027-01-01", "2027-08-31"), 2), qf(700, year, 0))
	assert known.on(day("2026-12-31")).value == 512
	assert known.on(day("2027-01-01")).value == 300


def test_qf_zero_is_a_value_and_not_a_missing_one():
	"""Defect: QF 0 treated as "no QF"."""
	assert history(qf(0)).on(DAY).value == 0
	assert history(qf(512, recorded=1), qf(0, recorded=2)).on(DAY).value == 0


def test_no_qf_is_a_named_error():
	"""Defect: no QF silently priced."""
	with pytest.raises(MissingQuotient) as caught:
		history().on(DAY)
	assert caught.value.params == {"day": DAY}
	with pytest.raises(MissingQuotient):
		history(qf(512, span("2026-09-04"))).on(DAY)


def test_9999_is_unknown():
	assert qf(9999).is_unknown and qf(UNKNOWN).is_unknown
	assert not qf("9998.99").is_unknown and not qf(12000).is_unknown


def test_missing_days_are_those_without_or_with_unknown_qf():
	known = history(qf(512, span("2026-09-01", "2026-09-10")), qf(9999, span("2026-09-05", "2026-09-30"), 2))
	assert known.missing(DateRange.month(2026, 9)).ranges == (span("2026-09-05", "2026-09-30"),)


def test_wrong_values():
	with pytest.raises(InvalidQuotient):
		qf("-1")
	with pytest.raises(TypeError):
		from concerto_education.engine.quotient import Quotient

		Quotient("Q", 512.5, ALWAYS, 1)


@given(st.lists(st.tuples(ranges, st.integers(0, 5)), max_size=8), st.randoms())
def test_on_agrees_with_the_sentence_of_the_rule(rows, shuffle: random.Random):
	records = [qf(n, spans, recorded, id=f"Q{n}") for n, (spans, recorded) in enumerate(rows)]
	shuffled = records[:]
	shuffle.shuffle(shuffled)
	known = history(*shuffled)
	for d in WINDOW.days():
		holding = [r for r in records if d in r.span]
		if holding:
			assert known.on(d) == max(holding, key=lambda r: (r.recorded_at, r.id))
		else:
			with pytest.raises(MissingQuotient):
				known.on(d)


def test_values_are_decimals():
	assert qf("512.50").value == D("512.50")
