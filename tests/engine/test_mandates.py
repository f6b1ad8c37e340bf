"""States, references and the 36 months of a SEPA mandate (R20)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerto_education.engine import mandates
from concerto_education.engine.mandates import ACTIVE, AWAITING, EXPIRED, REVOKED, SUSPENDED

days = st.dates(date(2000, 1, 1), date(2080, 12, 31))


@pytest.mark.parametrize(
	("before", "after", "allowed"),
	[
		(AWAITING, ACTIVE, True),
		(AWAITING, SUSPENDED, False),
		(AWAITING, REVOKED, True),
		(ACTIVE, SUSPENDED, True),
		(ACTIVE, REVOKED, True),
		(ACTIVE, AWAITING, False),
		(SUSPENDED, ACTIVE, True),
		(SUSPENDED, AWAITING, False),
		(ACTIVE, EXPIRED, False),
	],
)
def test_r20_which_state_follows_which(before, after, allowed):
	assert mandates.may_become(before, after) is allowed


@pytest.mark.parametrize("ended", sorted(mandates.ENDED))
def test_r20_nothing_follows_the_end(ended):
	assert not any(mandates.may_become(ended, state) for state in (*mandates.OPEN, *mandates.ENDED))


@given(st.text(max_size=40), st.text(max_size=200), st.integers(1, 5000))
def test_r20_a_reference_is_one_that_every_bank_takes(prefix, payer, number):
	found = mandates.reference(prefix, payer, number)
	assert len(found) <= 35 and mandates.is_reference(found)


@given(st.integers(1, 10**7), st.integers(1, 10**7), st.integers(1, 99), st.integers(1, 99))
def test_r20_two_mandates_have_two_references(first, second, one, other):
	references = {
		mandates.reference("CCVA", f"PAY-{payer:06d}", number)
		for payer, number in ((first, one), (second, other))
	}
	assert len(references) == (1 if (first, one) == (second, other) else 2)


@pytest.mark.parametrize(
	("signed", "debited", "lapse"),
	[
		(date(2023, 9, 15), None, date(2026, 9, 15)),
		(date(2023, 9, 15), date(2024, 1, 10), date(2027, 1, 10)),
		(date(2023, 12, 31), None, date(2026, 12, 31)),
		(date(2024, 2, 29), None, date(2027, 3, 1)),
		(None, None, None),
	],
)
def test_r20_36_months_after_the_last_use_or_the_signature(signed, debited, lapse):
	assert mandates.lapses_on(signed, debited) == lapse


@given(days, st.none() | days)
def test_r20_it_holds_until_the_day_before_it_lapses(signed, debited):
	lapse = mandates.lapses_on(signed, debited)
	assert lapse - timedelta(1) >= signed
	assert mandates.holds(ACTIVE, signed, debited, lapse - timedelta(1))
	assert not mandates.holds(ACTIVE, signed, debited, lapse)


@given(days, days)
def test_r20_only_an_active_and_signed_one_holds(signed, day):
	assert mandates.holds(ACTIVE, signed, day, day) is (signed <= day)
	assert not any(
		mandates.holds(state, signed, day, day) for state in (AWAITING, SUSPENDED, REVOKED, EXPIRED)
	)
	assert not mandates.holds(ACTIVE, None, day, day)


@pytest.mark.parametrize("iban", ["FR7630001007941234567890185", "FR76 3000 1007 9412 3456 7890 185"])
def test_a_masked_account_shows_its_ends_only(iban):
	assert mandates.masked(iban) == "FR76 •••• 0185"


@pytest.mark.parametrize("text", ["", "FR76", None, "12345678"])
def test_nothing_is_shown_of_what_is_too_short(text):
	assert mandates.masked(text) == ""
