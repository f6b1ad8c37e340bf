"""A building holds so many at a moment, all its activities together (R2, R40)."""

from collections import Counter
from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from concerto_education.engine.building import WHOLE_DAY, Building, Hours, crowded
from concerto_education.engine.capacity import Slot, Waiting, fitting, to_offer

DAY = date(2026, 12, 1)
SITE = "École"
HOURS = {
	("Garderie", "matin"): Hours(450, 520),
	("Cantine", "midi"): Hours(705, 810),
	("Centre", "jour"): Hours(450, 1110),
	("Club", "jour"): WHOLE_DAY,
}
ASKED = st.lists(
	st.tuples(st.sampled_from([*sorted(HOURS), ("Car", "aller")]), st.sampled_from("ABCDEF")), max_size=14
)


def slot(activity: str, person: str) -> Slot:
	unit = {"Garderie": "matin", "Cantine": "midi"}.get(activity, "jour")
	return Slot(activity, SITE, DAY, unit, person=person)


def house(limit: int, *here: Slot) -> Building:
	return Building({(SITE, DAY): limit}, HOURS, here)


def test_other_hours_are_other_places():
	room = house(1, slot("Garderie", "A"))
	assert room.fits(slot("Cantine", "B")) and not room.fits(slot("Centre", "B"))


def test_who_is_there_anyway_takes_no_further_place():
	"""Lunch while the leisure centre is open: one child in the building."""
	room = house(1, slot("Centre", "A"))
	assert room.fits(slot("Cantine", "A")) and not room.fits(slot("Cantine", "B"))
	assert not room.shortfalls([slot("Cantine", "A")])


def test_a_unit_without_hours_counts_the_whole_day():
	assert not house(1, slot("Garderie", "A")).fits(slot("Club", "B"))


def test_what_happens_elsewhere_takes_no_place():
	room = house(0)
	assert room.fits(Slot("Car", SITE, DAY, "aller", person="A"))
	assert not room.shortfalls([Slot("Car", SITE, DAY, "aller", person="A")])


def test_a_shortfall_names_the_fullest_hour_once_a_day():
	room = house(1, slot("Cantine", "A"), slot("Centre", "B"))
	short = room.shortfalls([slot("Club", "C"), slot("Club", "D")])
	assert [(row.slot.unit, row.limit, row.taken, row.wanted) for row in short] == [("11:45", 1, 2, 2)]
	assert [row.slot.activity for row in short] == [""]


def test_days_without_a_limit_have_room():
	assert Building({}, HOURS, [slot("Centre", "A")]).fits(slot("Centre", "B"))


def test_who_comes_first_is_served_first():
	wanted = [slot("Centre", "A"), slot("Cantine", "B"), slot("Cantine", "A")]
	assert fitting(wanted, {}, {}, house(1)) == [True, False, True]


def test_the_waiting_list_asks_the_building_too():
	waiters = [
		Waiting("first", datetime.fromisoformat("2026-06-01"), (slot("Centre", "A"),)),
		Waiting("second", datetime.fromisoformat("2026-06-02"), (slot("Centre", "B"),)),
	]
	assert [entry.id for entry in to_offer(waiters, {}, {}, house(1))] == ["first"]
	assert not to_offer(waiters, {}, {}, house(1, slot("Cantine", "C")))


@given(limit=st.integers(0, 4), here=ASKED, wanted=ASKED)
def test_never_more_than_the_building_holds_and_no_day_is_missed(limit, here, wanted):
	"""What fits keeps the limit at every minute; days that are not called crowded could not be too full."""

	def slots(asked):
		return [Slot(activity, SITE, DAY, unit, person=person) for (activity, unit), person in asked]

	def most(asked):
		spans = [(HOURS[s.activity, s.unit], s.person) for s in asked if (s.activity, s.unit) in HOURS]
		return max(
			(len({who for span, who in spans if minute in span}) for minute in range(0, 1440, 5)), default=0
		)

	already: list[Slot] = []
	for one in slots(here):
		if house(limit, *already).fits(one):
			already.append(one)
	assert most(already) <= limit
	asked = slots(wanted)
	short = house(limit, *already).shortfalls(asked)
	assert bool(short) == (most([*already, *asked]) > limit)
	if short:
		assert (SITE, DAY) in crowded({SITE: limit}, HOURS, Counter(already), asked)
		assert short[0].taken + short[0].wanted == most([*already, *asked])
