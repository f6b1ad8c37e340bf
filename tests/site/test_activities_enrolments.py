"""Enrolments: one form for every structure, each mistake refused by name (R4, R19, R22, R25–R27)."""

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.activities import errors
from tests import builders as make

LAST = "2026-09-30"


@pytest.fixture
def separated():
	"""Two parents who pay apart, with one child: (family, child, first payer, second payer)."""
	mother, father, kid = make.person(), make.person(), make.child()
	of = make.family(
		make.member(mother, "Representative 1"), make.member(father, "Representative 2"), make.member(kid)
	)
	return of, kid, make.payer(of, mother), make.payer(of, father)


# ---------------------------------------------------------------- period


@freeze_time("2026-11-24 10:00:00.5")
def test_R8_the_period_is_the_school_year_by_default():
	enrolment = make.enrolment(valid_from=None, valid_to=None)
	assert (str(enrolment.valid_from), str(enrolment.valid_to)) == ("2026-09-01", "2027-08-31")


def test_R8_an_enrolment_from_january_ends_with_the_school_year():
	assert str(make.enrolment(valid_from="2027-01-04", valid_to=None).valid_to) == "2027-08-31"


def test_R8_a_period_does_not_end_before_it_begins():
	with pytest.raises(errors.PeriodEndsBeforeStart):
		make.enrolment(valid_to="2026-08-31")


# ---------------------------------------------------------------- who, where, what


def test_R4_the_person_belongs_to_the_family():
	with pytest.raises(errors.NotInFamily):
		make.enrolment(person=make.child().name)


def test_R4_the_site_category_and_unit_are_those_of_the_activity():
	with pytest.raises(errors.NotOffered):
		make.enrolment(site=make.site().name)
	with pytest.raises(errors.NotOffered):
		make.enrolment(category="Enfant panier repas")
	with pytest.raises(errors.NotOffered):
		make.enrolment(pattern=[{"unit": "soir", "weeks": "Every Week", **make.days("1")}])


def test_R26_adults_eat_in_the_canteen_too_in_a_category_of_theirs():
	act = make.activity(categories=("Enfant", "Autres"))
	of = make.family()
	teacher = next(row.person for row in of.members if row.role != "Child")
	payer = make.payer(of)
	assert make.enrolment(of, act, payer, person=teacher, category="Autres").name
	with pytest.raises(errors.WrongAudience):
		make.enrolment(of, act, payer, category="Autres")
	with pytest.raises(errors.WrongAudience):
		make.enrolment(of, act, payer, person=teacher, category="Enfant")


def test_R25_one_site_for_each_enrolment_and_two_sites_are_two_enrolments():
	act = make.activity(make.site(), make.site(), needs_forecast=0)
	of = make.family()
	payer = make.payer(of)
	make.enrolment(of, act, payer)
	make.enrolment(of, act, payer, site=act.sites[1].site)
	with pytest.raises(errors.EnrolmentsOverlap):
		make.enrolment(of, act, payer, valid_from="2027-08-31")


def test_R25_after_the_last_day_or_a_cancellation_there_is_room_again():
	act, of = make.activity(), make.family()
	payer = make.payer(of)
	first = make.enrolment(of, act, payer, valid_to=LAST)
	make.enrolment(of, act, payer, valid_from="2026-10-01", valid_to="2026-10-31")
	first.status = "Cancelled"
	first.save()
	make.enrolment(of, act, payer, valid_to=LAST)
	first.reload()
	first.status = "Confirmed"
	with pytest.raises(errors.EnrolmentsOverlap):
		first.save()


@pytest.mark.parametrize("field", ["person", "family", "activity", "site"])
def test_R25_who_and_where_are_fixed_once_saved(field):
	first, second = make.enrolment(), make.enrolment()
	first.set(field, second.get(field))
	with pytest.raises((frappe.CannotChangeConstantError, errors.ActivitiesError)):
		first.save()


# ---------------------------------------------------------------- weekly pattern


def test_R27_the_canteen_needs_a_pattern_and_the_garderie_does_not():
	with pytest.raises(errors.PatternMissing):
		make.enrolment(act=make.activity(needs_forecast=1), pattern=None)
	assert make.enrolment(act=make.activity(needs_forecast=0), pattern=None).name


def test_R27_a_pattern_on_closed_days_only_is_refused():
	with pytest.raises(errors.ClosedDaysOnly):
		make.enrolment(pattern="3")
	with pytest.raises(errors.ClosedDaysOnly):
		make.enrolment(valid_from="2026-10-19", valid_to="2026-10-30")
	assert make.enrolment(pattern="23").name, "the Tuesdays remain"


def test_R27_a_row_has_days_and_says_nothing_twice():
	def row(days, weeks="Every Week"):
		return {"unit": "midi", "weeks": weeks, **make.days(days)}

	for rows in ([row("")], [row("12"), row("2")], [row("12"), row("2", "Even Weeks")]):
		with pytest.raises(errors.InvalidPatternRow):
			make.enrolment(pattern=rows)
	assert make.enrolment(pattern=[row("1", "Even Weeks"), row("1", "Odd Weeks"), row("2")]).name


def test_R7_without_a_school_year_the_calendar_is_unknown():
	with pytest.raises(errors.OutsideSchoolYears):
		make.enrolment(valid_from="2060-09-01", valid_to="2061-08-31")


# ---------------------------------------------------------------- payers (R19, R22)


def test_R22_an_enrolment_names_a_payer_of_its_family():
	of = make.family()
	with pytest.raises(errors.PayerOfOtherFamily):
		make.enrolment(of, None, make.payer(make.family()))
	payer = make.payer(of)
	with pytest.raises(errors.DuplicatePayer):
		make.enrolment(of, None, (payer, 50), (payer, 50))
	enrolment = make.enrolment(of, None, payer)
	enrolment.payers = []
	with pytest.raises((errors.NoPayerNamed, frappe.MandatoryError)):
		enrolment.save()


def test_R22_a_forbidden_contact_never_pays():
	parent, uncle, kid = make.person(), make.person(), make.child()
	of = make.family(make.member(parent, "Representative 1"), make.member(kid), make.member(uncle, "Contact"))
	payer = make.payer(of, uncle, capacity="Contact")
	assert make.enrolment(of, None, payer).name, "a contact may pay"
	# The dossier refuses to forbid a payer; here the guard of the enrolment stands alone.
	frappe.db.set_value("Family Member", of.members[2].name, "forbidden", 1)
	with pytest.raises(errors.ForbiddenPayer):
		make.enrolment(of, None, payer)


def test_R22_an_inactive_payer_stays_where_they_were_and_is_not_named_anew():
	of = make.family()
	payer = make.payer(of)
	enrolment = make.enrolment(of, None, payer)
	payer.reload()
	payer.active = 0
	payer.save()
	enrolment.note = "à revoir"
	enrolment.save()
	with pytest.raises(errors.InactivePayer):
		make.enrolment(of, None, payer)


def test_R19_one_payer_pays_the_whole():
	of = make.family()
	assert make.enrolment(of, None, (make.payer(of), 40)).payers[0].share == 100


@pytest.mark.parametrize(("first", "second"), [(100, 100), (0, 0)])
def test_R19_two_payers_without_shares_need_a_custody_calendar(separated, first, second):
	of, _kid, mother, father = separated
	with pytest.raises(errors.CustodyCalendarNeeded):
		make.enrolment(of, None, (mother, first), (father, second))


@pytest.mark.parametrize(("first", "second"), [(50, 40), (60, 50), (100, 0), (33.33, 66.66)])
def test_R19_shares_sum_to_the_whole(separated, first, second):
	of, _kid, mother, father = separated
	with pytest.raises(errors.SharesNotWhole):
		make.enrolment(of, None, (mother, first), (father, second))


def test_R19_shares_that_sum_to_the_whole_are_kept(separated):
	of, _kid, mother, father = separated
	enrolment = make.enrolment(of, None, (mother, 33.33), (father, 66.67))
	assert [row.share for row in enrolment.payers] == [33.33, 66.67]


def test_R19_with_a_custody_calendar_of_both_payers_the_days_decide(separated):
	of, kid, mother, father = separated
	custody = make.custody_calendar(of, kid, mother, father)
	enrolment = make.enrolment(of, None, mother, father, custody_calendar=custody.name)
	assert [row.share for row in enrolment.payers] == [0, 0]


def test_R19_the_custody_calendar_is_of_this_child_and_these_payers(separated):
	of, kid, mother, father = separated
	custody = make.custody_calendar(of, kid, mother, father)
	third = make.organisation()
	udaf = make.insert("Payer", family=of.name, payer_kind="Organisation", organisation=third.name)
	with pytest.raises(errors.WrongCustodyCalendar):
		make.enrolment(of, None, mother, udaf, custody_calendar=custody.name)
	custody.valid_to = "2026-12-31"
	custody.save()
	with pytest.raises(errors.WrongCustodyCalendar):
		make.enrolment(of, None, mother, father, custody_calendar=custody.name)
	stranger, parent = make.family(), make.person()
	stranger.append("members", make.member(parent, "Representative 2"))
	stranger.save()
	theirs = make.payer(stranger), make.payer(stranger, parent)
	with pytest.raises(errors.WrongCustodyCalendar):
		make.enrolment(stranger, None, *theirs, custody_calendar=custody.name)


# ---------------------------------------------------------------- activities


def unit(code, **values):
	return {"unit": code, "label": code, **values}


@pytest.mark.parametrize(
	("values", "error"),
	[
		({"units": ()}, errors.NoUnit),
		({"units": ("midi", "Midi")}, errors.DuplicateUnit),
		({"categories": ("Enfant", "Enfant")}, errors.DuplicateCategory),
		({"in_school_time": 0}, errors.NeverOpen),
		({"monday": 0, "tuesday": 0, "thursday": 0, "friday": 0}, errors.NeverOpen),
		({"monday": 0, "tuesday": 0, "thursday": 0, "friday": 0, "wednesday": 1}, errors.NeverOpen),
	],
)
def test_R1_an_activity_is_complete_and_says_nothing_twice(values, error):
	with pytest.raises((error, frappe.MandatoryError)):
		make.activity(**values)


def test_R1_sites_are_named_once_with_a_sensible_capacity():
	site = make.site()
	with pytest.raises(errors.DuplicateSite):
		make.activity(site, site)
	act = make.activity(site)
	act.sites[0].capacity = -1
	with pytest.raises(errors.NegativeCapacity):
		act.save()


def test_R1_a_unit_has_its_hours_in_order_or_none():
	act = make.activity()
	assert act.units[0].starts_at is None
	act.units[0].update({"starts_at": "13:30:00", "ends_at": "12:00:00"})
	with pytest.raises(errors.UnitEndsBeforeStart):
		act.save()


def test_R1_a_unit_that_enrolments_use_stays():
	act = make.activity(units=("midi", "soir"))
	make.enrolment(act=act)
	act.reload()
	act.units = [row for row in act.units if row.unit == "midi"]
	act.save()
	act.units[0].unit = "repas"
	with pytest.raises(errors.UnitInUse):
		act.save()
