"""Several children and several activities in one pass (R4, R25)."""

from datetime import date

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.activities import errors
from concerto_education.activities.enrolling import offers, passes
from concerto_education.activities.enrolling.passes import Line, Request
from concerto_education.authority import roles
from tests import builders as make

NOW = "2026-09-10 10:00:00.5"


class World:
	"""Two siblings of one school, which has a canteen and a garderie."""

	def __init__(self):
		make.school_year()
		self.school = make.site()
		self.canteen = make.activity(self.school, needs_forecast=1)
		self.garderie = make.activity(self.school, kind="Périscolaire Care", units=("matin", "soir"))
		mother = make.person("Pass", "Claire")
		self.kids = [
			make.child("Pass", name, school=self.school.name, birth_date=birth)
			for name, birth in (("Lea", "2018-05-02"), ("Tom", "2021-01-15"))
		]
		self.family = make.family(
			make.member(mother, "Representative 1"), *(make.member(kid) for kid in self.kids)
		)
		self.mother = mother
		self.payer = make.payer(self.family, mother)

	def line(self, kid, act, **values) -> Line:
		unit = act.units[0].unit
		return Line(
			**{
				"person": kid.name,
				"activity": act.name,
				"site": self.school.name,
				"category": "Enfant",
				"pattern": ({"unit": unit, "weeks": "Every Week", **make.days("1245")},),
				**values,
			}
		)

	def request(self, *lines, **values) -> Request:
		lines = lines or tuple(
			self.line(kid, act) for kid in self.kids for act in (self.canteen, self.garderie)
		)
		return Request(
			**{
				"family": self.family.name,
				"start": date(2026, 9, 1),
				"end": date(2027, 8, 31),
				"lines": lines,
				"payers": ({"payer": self.payer.name, "share": "100"},),
				**values,
			}
		)

	def count(self) -> int:
		return frappe.db.count("Enrolment", {"family": self.family.name})

	def offer(self, kid, act, **period) -> dict:
		return offers.choices(self.family.name, **period)["offers"][kid.name][act.name]


@pytest.fixture
def world():
	with freeze_time(NOW):
		yield World()


def states(results) -> list[str]:
	return [answer["state"] for answer in results]


# ---------------------------------------------------------------- what is offered


def test_R4_each_child_is_offered_what_is_open_to_it_and_told_why_not(world):
	nursery = make.activity(world.school, age_unit="Months", age_to=36)
	offer = world.offer(world.kids[0], world.canteen)
	assert (offer["why"], offer["site"], offer["categories"]) == ("", world.school.name, ["Enfant"])
	offer = world.offer(world.kids[0], nursery)
	assert "36 mois" in offer["why"] and offer["by_age"]
	make.enrolment(world.family, world.canteen, world.payer, person=world.kids[1].name)
	assert "déjà inscrit" in world.offer(world.kids[1], world.canteen)["why"]
	assert world.offer(world.kids[0], world.canteen)["why"] == ""


def test_R25_an_activity_of_another_period_is_not_offered_and_a_stay_is_cut_to_its_dates(world):
	camp = make.activity(world.school, valid_from="2026-10-19", valid_to="2026-10-23", in_small_holidays=1)
	offer = world.offer(world.kids[0], camp)
	assert (str(offer["from"]), str(offer["to"]), offer["why"]) == ("2026-10-19", "2026-10-23", "")
	assert world.offer(world.kids[0], camp, start=date(2026, 11, 2), end=date(2026, 12, 18))["why"]


def test_R26_adults_are_offered_what_has_a_category_for_them(world):
	for_all = make.activity(world.school, categories=("Enfant", "Autres"))
	assert world.offer(world.mother, for_all)["categories"] == ["Autres"]
	assert world.offer(world.mother, world.canteen)["why"]
	assert world.offer(world.kids[0], for_all)["categories"] == ["Enfant"]


def test_R10_sites_of_others_are_not_offered(world):
	elsewhere = make.activity()
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR, sites=(elsewhere.sites[0].site,)))
	offered = offers.choices(world.family.name)
	assert [row["activity"] for row in offered["activities"]] == [elsewhere.name]
	assert list(offered["offers"][world.kids[0].name]) == [elsewhere.name]


def test_the_choices_take_the_same_number_of_queries_for_any_number_of_activities(world):
	def queries() -> int:
		count, real = [0], frappe.db.sql

		def sql(*args, **kwargs):
			count[0] += 1
			return real(*args, **kwargs)

		frappe.db.sql = sql
		try:
			offers.choices(world.family.name)
		finally:
			frappe.db.sql = real
		return count[0]

	queries()
	few = queries()
	for _n in range(4):
		make.activity(world.school)
	offers.choices(world.family.name)  # documents into the cache
	assert queries() == few


# ---------------------------------------------------------------- one pass


def test_R4_the_siblings_in_canteen_and_garderie_in_one_pass(world):
	outcome = passes.create(world.request(), whole=True)
	assert states(outcome["results"]) == ["made"] * 4
	assert outcome["made"] == world.count() == 4
	planned = frappe.db.count("Attendance", {"family": world.family.name, "status": "Planned"})
	assert planned == sum(answer["days"] for answer in outcome["results"])


def test_R4_a_preview_says_the_same_and_writes_nothing(world):
	shown = passes.preview(world.request())
	assert states(shown) == ["new"] * 4
	assert world.count() == 0
	assert not frappe.db.exists("Attendance", {"family": world.family.name})
	made = passes.create(world.request(), whole=True)["results"]
	assert [answer["days"] for answer in made] == [answer["days"] for answer in shown]


def test_R4_the_same_pass_again_makes_nothing_twice(world):
	passes.create(world.request(), whole=True)
	outcome = passes.create(world.request(), whole=True)
	assert states(outcome["results"]) == ["already"] * 4
	assert (outcome["made"], world.count()) == (0, 4)


def test_one_line_twice_in_a_pass_is_made_once(world):
	line = world.line(world.kids[0], world.canteen)
	assert states(passes.create(world.request(line, line), whole=False)["results"]) == ["made", "already"]
	assert world.count() == 1


def refused_line(world) -> Line:
	return world.line(world.kids[1], world.canteen, pattern=())


def test_R27_all_or_nothing_makes_nothing_when_one_line_is_refused(world):
	good = world.line(world.kids[0], world.canteen)
	outcome = passes.create(world.request(good, refused_line(world)), whole=True)
	assert states(outcome["results"]) == ["new", "refused"]
	assert (outcome["made"], world.count()) == (0, 0)


def test_R27_what_can_be_made_is_made_if_the_user_wants_so(world):
	good = world.line(world.kids[0], world.canteen)
	outcome = passes.create(world.request(refused_line(world), good), whole=False)
	assert states(outcome["results"]) == ["refused", "made"]
	assert "semaine type" in outcome["results"][0]["reason"].lower()
	assert world.count() == 1


def test_a_refusal_at_the_last_moment_takes_back_the_whole_pass(world, monkeypatch):
	def full(doc, method=None):
		if doc.person == world.kids[1].name:
			frappe.throw("Complet", errors.ActivitiesError)

	from concerto_education.activities.doctype.enrolment.enrolment import Enrolment

	monkeypatch.setattr(Enrolment, "after_insert", full, raising=False)
	lines = [world.line(kid, world.canteen) for kid in world.kids]
	outcome = passes.create(world.request(*lines), whole=True)
	assert states(outcome["results"]) == ["new", "refused"]
	assert (outcome["made"], world.count()) == (0, 0)
	assert states(passes.create(world.request(*lines), whole=False)["results"]) == ["made", "refused"]


@pytest.mark.parametrize(
	("values", "said"),
	[
		({"site": ""}, "Site"),
		({"category": ""}, "Catégorie"),
		({"category": "Autres"}, "Catégorie"),
		({"activity": "Inconnue"}, "Activité"),
		({"pattern": ({"unit": "midi", "weeks": "Every Week", "saturday": 1},)}, "Semaine type"),
	],
)
def test_each_mistake_is_an_answer_of_its_line(world, values, said):
	outcome = passes.create(world.request(world.line(world.kids[0], world.canteen, **values)), whole=False)
	assert states(outcome["results"]) == ["refused"]
	assert said in outcome["results"][0]["reason"]
	assert world.count() == 0


def test_R22_a_pass_without_children_payers_or_order_is_refused(world):
	with pytest.raises(errors.PayerChoiceMissing):
		passes.create(world.request(payers=()), whole=False)
	with pytest.raises(errors.PeriodEndsBeforeStart):
		passes.create(world.request(end=date(2026, 8, 31)), whole=False)
	with pytest.raises(errors.ActivitiesError):
		passes.create(Request(world.family.name, date(2026, 9, 1), date(2027, 8, 31), (), ({},)), whole=False)


# ---------------------------------------------------------------- payers


def test_R19_two_payers_take_turns_by_the_calendar_of_each_child(world):
	father = make.person("Pass", "Paul")
	world.family.append("members", make.member(father, "Representative 2"))
	world.family.save()
	second = make.payer(world.family, father)
	make.custody_calendar(world.family, world.kids[0], world.payer, second)
	both = ({"payer": world.payer.name}, {"payer": second.name})
	lines = [world.line(kid, world.canteen) for kid in world.kids]
	outcome = passes.create(world.request(*lines, payers=both, custody=True), whole=False)
	assert states(outcome["results"]) == ["made", "refused"]
	assert "garde" in outcome["results"][1]["reason"]
	made = frappe.get_doc("Enrolment", outcome["results"][0]["enrolment"])
	assert made.custody_calendar and len(made.payers) == 2
	plain = passes.create(world.request(lines[1], payers=both), whole=False)
	assert states(plain["results"]) == ["refused"], "two payers and no custody calendar"
	shares = ({"payer": world.payer.name, "share": "60"}, {"payer": second.name, "share": "40"})
	assert states(passes.create(world.request(lines[1], payers=shares), whole=False)["results"]) == ["made"]


# ---------------------------------------------------------------- ages and rights


def test_R25_whoever_may_decide_enrols_outside_the_age_with_a_reason(world):
	act = make.activity(world.school, age_from=6)
	line = world.line(world.kids[1], act)
	assert states(passes.create(world.request(line), whole=False)["results"]) == ["refused"]
	reason = world.line(world.kids[1], act, age_override_reason="Accord du directeur")
	outcome = passes.create(world.request(reason), whole=False)
	assert states(outcome["results"]) == ["made"]
	assert (
		frappe.db.get_value("Enrolment", outcome["results"][0]["enrolment"], "age_override_by")
		== "Administrator"
	)


@pytest.mark.parametrize("role", [roles.ATTENDANCE_AGENT, roles.FAMILY, roles.KITCHEN])
def test_R10_who_may_not_enrol_gets_neither_choices_nor_passes(world, role):
	frappe.set_user(make.user(role, sites=(world.school.name,)))
	for work in (
		lambda: offers.choices(world.family.name),
		lambda: passes.preview(world.request()),
		lambda: passes.create(world.request(), whole=False),
	):
		with pytest.raises(frappe.PermissionError):
			work()


def test_R9_a_coordinator_of_another_site_enrols_nobody_here(world):
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR, sites=(make.site().name,)))
	outcome = passes.create(world.request(), whole=False)
	assert states(outcome["results"]) == ["refused"] * 4
	frappe.set_user("Administrator")
	assert world.count() == 0
