"""The coherence check: each rule finds its case and leaves a sound one alone; nobody sees another site (R7, R33)."""

from __future__ import annotations

from datetime import date

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.authority import roles
from concerto_education.authority.coherence import Scope, api, check
from concerto_education.authority.coherence.rule import all_rules, rule_of
from tests import builders as make

NOW = "2026-10-08 08:00:00.123456"


@pytest.fixture(autouse=True)
def in_october(site):
	make.school_year(2026)
	with freeze_time(NOW):
		yield


class Home:
	"""A family with everything in order, and a child at the canteen of a school of their own."""

	def __init__(self, **enrolment):
		school = make.site().name
		parent = make.person(first_name="Claire", civility="Mme", phone="+33549000000")
		self.child = make.child(parent.last_name, school=school)
		self.family = make.family(
			make.member(parent, "Representative 1"),
			make.member(self.child),
			benefit_scheme="General (CAF)",
		)
		make.quotient(self.family, 640, valid_from="2026-09-01", valid_to="2027-08-31")
		self.payer = make.payer(self.family)
		self.activity = make.activity(school)
		make.tariff(self.activity, 2.8)
		self.enrolment = make.enrolment(self.family, self.activity, self.payer, **enrolment)
		self.site = self.enrolment.site
		for kind in frappe.get_all("Document Type", {"required": 1}, pluck="name"):
			frappe.db.set_value("Document Type", kind, "required", 0)
		for kind in frappe.get_all("Authorisation Type", {"required": 1}, pluck="name"):
			frappe.db.set_value("Authorisation Type", kind, "required", 0)

	def found(self, code: str, month: date | None = None) -> list:
		scope = Scope.of(frozenset({self.site}), month)
		return check.findings(rule_of(code), scope)


def put(doctype: str, name: str, **values) -> None:
	"""What a form refuses and an import may bring: straight into the table."""
	frappe.db.set_value(doctype, name, values)


def no_scheme(home):
	put("Family", home.family.name, benefit_scheme=None)


def no_birth_date(home):
	put("Person", home.child.name, birth_date=None)


def no_school(home):
	put("Person", home.child.name, school=None)


def no_quotient(home):
	frappe.db.delete("Quotient", {"family": home.family.name})


def unknown_quotient(home):
	make.quotient(home.family, 9999, source="Unknown", valid_from="2026-09-01", valid_to="2027-08-31")


def quotient_ending(home):
	no_quotient(home)
	make.quotient(home.family, 640, valid_from="2026-09-01", valid_to="2026-10-20")


def document_missing(home):
	make.document_type(required=1)


def document_expired(home):
	name = make.document(home.family, make.document_type(required=1), person=home.child.name).name
	put("Family Document", name, status="Valid", valid_from="2025-09-01", valid_to="2026-08-31")


def forbidden_in_one_row(home):
	uncle = make.person(first_name="Paul")
	home.family.append("members", make.member(uncle, "Contact", may_collect=0, emergency=0, forbidden=1))
	home.family.save()
	put("Family Member", home.family.members[-1].name, may_collect=1)


def forbidden_in_another_dossier(home):
	uncle = make.person(first_name="Paul")
	make.family(
		make.member(make.person(first_name="Marc"), "Representative 1"),
		make.member(home.child),
		make.member(uncle, "Contact", may_collect=0, emergency=0, forbidden=1),
	)
	home.family.reload()
	home.family.append("members", make.member(uncle, "Contact", may_collect=1))
	home.family.save()


def duplicate_family(home):
	put("Family", home.family.name, beneficiary_number="1234567A", phone="+33549112233")
	parent = make.person(home.family.family_name, "Claire")
	twin = make.family(
		make.member(parent, "Representative 1"),
		make.member(make.child(home.family.family_name)),
		beneficiary_number="1234567A",
		phone="+33549112233",
	)
	make.enrolment(twin, home.activity)


def placed_at_the_same_address(home):
	carer = make.person(first_name="Odile")
	make.placement(
		home.family, home.child, carer, address_line1="3 rue des Lilas", postcode="86000", town="Poitiers"
	)


def mandate_waiting(home):
	make.mandate(home.payer)


def no_payer(home):
	frappe.db.delete("Enrolment Payer", {"parent": home.enrolment.name})


def payer_inactive(home):
	put("Payer", home.payer.name, active=0)


def two_payers(home):
	father = make.person(first_name="Marc")
	home.family.append("members", make.member(father, "Representative 2"))
	home.family.save()
	home.enrolment.payers[0].share = 60
	home.enrolment.append("payers", {"payer": make.payer(home.family, father).name, "share": 40})
	home.enrolment.save()


def no_tariff(home):
	frappe.db.delete("Tariff", {"activity": home.activity.name})


def overlapping(home):
	other = make.enrolment(
		home.family, home.activity, home.payer, pattern=None, valid_from="2027-09-01", valid_to="2028-08-31"
	)
	put("Enrolment", other.name, valid_from="2026-11-01", valid_to="2027-03-31")


def funding_ended(home):
	funding(home, "Active", "2026-09-30")


def funding_waiting(home):
	funding(home, "Requested", "2027-08-31")


def funding(home, status: str, until: str) -> None:
	doc = frappe.get_doc(
		{
			"doctype": "Funding",
			"name": f"PEC-T{make.serial()}",
			"enrolment": home.enrolment.name,
			"person": home.child.name,
			"family": home.family.name,
			"activity": home.activity.name,
			"site": home.site,
			"status": status,
			"funder": make.organisation().name,
			"valid_from": "2026-09-01",
			"valid_to": until,
		}
	)
	doc.flags.name_set = True
	doc.db_insert()


def no_forecast(home):
	put("Activity", home.activity.name, needs_forecast=1)
	frappe.db.delete("Attendance", {"enrolment": home.enrolment.name})
	make.enrolment(act=home.activity)


def unknown_child(home):
	make.insert(
		"Attendance Task",
		child_name="Ysaline Vautrin",
		attendance_date="2026-09-15",
		site=home.site,
		activity=home.activity.name,
		unit="midi",
	)


def outside_enrolment(home):
	put("Enrolment", home.enrolment.name, valid_from="2026-09-02")  # expected on the 1st


def not_closed(home):
	"""A home with a forecast in September has not closed it."""


def closed(home):
	doc = frappe.new_doc("Monthly Close")
	doc.update({"site": home.site, "month": "2026-09-01", "state": "Closed"})
	doc.flags.by_service = True
	doc.insert()


CASES = [
	("no-scheme", no_scheme),
	("child-no-birth-date", no_birth_date),
	("child-no-school", no_school),
	("no-quotient", no_quotient),
	("unknown-quotient", unknown_quotient),
	("quotient-ending", quotient_ending),
	("documents-missing", document_missing),
	("documents-missing", document_expired),
	("forbidden-collects", forbidden_in_one_row),
	("forbidden-collects", forbidden_in_another_dossier),
	("duplicate-families", duplicate_family),
	("placed-child-address", placed_at_the_same_address),
	("mandate-waiting", mandate_waiting),
	("enrolment-no-payer", no_payer),
	("enrolment-no-payer", payer_inactive),
	("two-payers-no-calendar", two_payers),
	("enrolment-no-tariff", no_tariff),
	("overlapping-enrolments", overlapping),
	("funding-ended", funding_ended),
	("funding-waiting", funding_waiting),
	("enrolment-no-forecast", no_forecast),
	("attendance-no-enrolment", unknown_child),
	("attendance-no-enrolment", outside_enrolment),
	("no-tariff-for-month", no_tariff),
]


@pytest.mark.parametrize(("code", "spoil"), CASES, ids=[f"{code}:{case.__name__}" for code, case in CASES])
def test_R7_each_rule_finds_its_case_and_no_other(code, spoil):
	home = Home()
	assert home.found(code) == []
	spoil(home)
	found = home.found(code)
	assert len(found) == 1, found
	assert home.site in found[0].sites and found[0].title


def test_R33_a_site_that_has_not_closed_is_found_until_it_has():
	home = Home()
	(found,) = home.found("site-not-closed")
	assert (found.name, dict(found.options)) == (home.site, {"month": "2026-09"})
	closed(home)
	assert home.found("site-not-closed") == []


def test_every_rule_has_a_case():
	assert {rule.code for rule in all_rules()} == {code for code, _case in CASES} | {"site-not-closed"}
	assert all(rule.title() and rule.help() and rule.reads for rule in all_rules())


def test_R7_the_number_of_queries_does_not_depend_on_the_number_of_families():
	home = Home()
	no_scheme(home)

	def work():
		scope = Scope.of(frozenset({home.site}))
		for rule in all_rules():
			if rule.code != "duplicate-families":  # looks at all dossiers of the site anyhow
				rule.find(scope)

	work()
	few = make.queries(work)
	for _number in range(4):
		family = make.family()
		make.enrolment(family, home.activity)
	assert make.queries(work) <= few


# ---------------------------------------------------------------- who sees what


def test_R10_a_coordinator_never_sees_another_site():
	mine, other = Home(), Home()
	for home in (mine, other):
		unknown_quotient(home)
		two_payers(home)
		unknown_child(home)
		no_scheme(home)
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR, sites=(mine.site,)))
	found = [
		(topic["topic"], code, line)
		for topic in api.overview()["topics"]
		for code, rule in api.check_topic(topic["topic"]).items()
		for line in rule["lines"]
	]
	assert {code for _topic, code, _line in found} >= {
		"no-scheme",
		"unknown-quotient",
		"two-payers-no-calendar",
	}
	said = frappe.as_json(found)
	assert other.site not in said and other.family.name not in said and other.enrolment.name not in said
	for call in (
		api.overview,
		lambda site: api.check_topic("dossier", site),
		lambda site: api.export("no-scheme", site),
	):
		with pytest.raises(frappe.PermissionError):
			call(other.site)


@pytest.mark.parametrize("role", [roles.ATTENDANCE_AGENT, roles.KITCHEN, roles.FAMILY])
def test_R10_who_only_ticks_or_cooks_has_no_check(role):
	home = Home()
	frappe.set_user(make.user(role, sites=(home.site,)))
	for call in (api.overview, lambda: api.check_topic("dossier"), lambda: api.export("no-scheme")):
		with pytest.raises(frappe.PermissionError):
			call()


def test_R12_only_administrators_see_duplicates():
	home = Home()
	duplicate_family(home)
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR, sites=(home.site,)))
	assert home.found("duplicate-families") == []
	frappe.set_user("Administrator")
	frappe.set_user(make.user(roles.SCHOOL_ADMINISTRATOR))
	assert len(home.found("duplicate-families")) == 1


def test_R23_a_missing_document_about_health_has_no_name_for_who_may_not_read_health():
	home = Home()
	kind = make.document_type(required=1, health=1)
	frappe.set_user(make.user(roles.FINANCE_CLERK))
	(found,) = home.found("documents-missing")
	assert kind not in found.detail and "santé" in found.detail
