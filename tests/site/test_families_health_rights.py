"""Whose health each role reads, and what is kept of it: nobody reads unseen (R10, R23)."""

from __future__ import annotations

from datetime import date

import frappe
import pytest
from frappe.utils import add_days, today

from concerto_education.attendance import day_sheet, tablet
from concerto_education.authority import roles
from concerto_education.families.health import access_log, api, errors, rights, service, view
from concerto_education.families.overview import family_overview
from tests import builders as make
from tests.site.test_families_health import private_file

READERS = (
	*roles.ADMINISTRATORS,
	roles.SCHOOL_COORDINATOR,
	roles.LEISURE_DIRECTOR,
	roles.NURSERY_DIRECTOR,
)
OTHERS = tuple(role for role in (*roles.STAFF, roles.FAMILY) if role not in READERS)
LOG = "Health Access Log"


@pytest.fixture
def kid(site):
	kid = make.child()
	make.health(kid, allergies=[{"allergen": "Peanuts", "severity": "Severe Allergy"}], doctor="Dr Faure")
	return kid


def record_of(kid):
	return frappe.get_doc("Health Record", {"person": kid.name})


def logged(**filters) -> int:
	return frappe.db.count(LOG, filters)


# ---------------------------------------------------------------- roles


@pytest.mark.parametrize("role", READERS)
def test_coordinators_directors_and_administrators_read_and_write(kid, role):
	frappe.set_user(make.user(role))
	record = record_of(kid)
	assert record.has_permission("read") and record.has_permission("write") and rights.may_read()
	record.append("diets", {"diet": "Sans porc"})
	record.save()
	record.reload()
	record.apply_fieldlevel_read_permissions()
	assert record.doctor == "Dr Faure" and record.allergies[0].allergen == "Peanuts"
	assert record.diets[0].diet == "Sans porc"


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_reads_health(kid, role):
	frappe.set_user(make.user(role))
	assert not record_of(kid).has_permission("read") and not rights.may_read()
	assert rights.readable([kid.name]) == [] and view.short_marks([kid.name]) == {}
	for call in (
		lambda: api.health_of_person(person=kid.name),
		lambda: api.health_of_family(family="DOS-1"),
		lambda: api.open_record(person=kid.name),
		lambda: api.add_allergy(person=kid.name, allergen="Milk"),
		lambda: api.add_diet(person=kid.name, diet="Sans porc"),
	):
		with pytest.raises(frappe.PermissionError):
			call()


def test_everything_but_the_person_is_of_a_level_of_its_own(site):
	meta = frappe.get_meta("Health Record")
	open_fields = {
		field.fieldname
		for field in meta.fields
		if field.permlevel == 0 and field.fieldtype not in ("Tab Break", "Section Break", "Column Break")
	}
	assert open_fields == {"person", "person_name"}
	for table in service.TABLES.values():
		assert all(
			field.permlevel == 1
			for field in frappe.get_meta(table).fields
			if field.fieldtype not in ("Section Break", "Column Break")
		), table
	assert {rule.role for rule in meta.permissions if rule.permlevel == 1} == set(READERS)


def test_who_may_only_see_that_there_is_a_record_sees_nothing_of_it(kid):
	"""An administrator may open level 0 to a role; the level of health stays shut."""
	make._put(
		"DocPerm",
		parent="Health Record",
		parenttype="DocType",
		parentfield="permissions",
		role=roles.AREA_MANAGER,
		read=1,
		permlevel=0,
	)
	frappe.clear_cache(doctype="Health Record")
	try:
		frappe.set_user(make.user(roles.AREA_MANAGER))
		record = record_of(kid)
		assert record.has_permission("read") and not rights.may_read()
		record.apply_fieldlevel_read_permissions()
		assert not record.get("doctor") and not record.get("allergies")
		with pytest.raises(frappe.PermissionError):
			api.health_of_person(person=kid.name)
	finally:
		frappe.set_user("Administrator")
		frappe.clear_cache(doctype="Health Record")


# ---------------------------------------------------------------- sites


def test_r10_a_director_reads_those_enrolled_at_the_own_sites(site):
	own, other = make.activity(), make.activity()
	here, there = make.family(), make.family()
	kids = {}
	for family, activity in ((here, own), (there, other)):
		enrolment = make.enrolment(family, activity)
		kids[activity.name] = enrolment.person
		make.health(enrolment.person, allergies=[{"allergen": "Milk"}])
	nowhere = make.child()
	make.health(nowhere)
	persons = [kids[own.name], kids[other.name], nowhere.name]
	frappe.set_user(make.user(roles.LEISURE_DIRECTOR, sites=(own.sites[0].site,)))
	assert set(rights.readable(persons)) == {kids[own.name], nowhere.name}
	in_document = {
		person
		for person in persons
		if frappe.get_doc("Health Record", {"person": person}).has_permission("read")
	}
	assert in_document == set(rights.readable(persons)), "list and document agree"
	shown = view.of_persons(persons, "Health Tab")["persons"]
	assert [one["hidden"] for one in shown] == [False, True, False]
	assert "allergies" not in shown[1]


def test_r10_a_cancelled_enrolment_gives_no_right(site):
	activity, elsewhere = make.activity(), make.activity()
	family = make.family()
	payer = make.payer(family)
	past = make.enrolment(family, activity, payer)
	make.enrolment(family, elsewhere, payer)
	make.health(past.person)
	past.reload()
	past.db_set("status", "Cancelled")
	frappe.set_user(make.user(roles.LEISURE_DIRECTOR, sites=(activity.sites[0].site,)))
	assert rights.readable([past.person]) == []


# ---------------------------------------------------------------- the log of readings


def test_the_tab_and_the_overview_record_who_read_whose_health(site):
	kid = make.child()
	family = make.family(make.member(make.person(), "Representative 1"), make.member(kid))
	make.health(kid, allergies=[{"allergen": "Nuts"}])
	coordinator = make.user(roles.SCHOOL_COORDINATOR)
	frappe.set_user(coordinator)
	card = api.health_of_family(family=family.name)["persons"][0]
	assert card["allergies"][0]["label"] and card["full_name"] == kid.full_name
	api.health_of_person(person=kid.name)
	overview = family_overview(family.name)
	shown = next(member for member in overview["members"] if member["person"] == kid.name)
	assert len(shown["health"]) == 1
	family_overview(family.name)
	frappe.set_user("Administrator")
	assert logged(user=coordinator, person=kid.name, source="Health Tab") == 2
	assert logged(user=coordinator, person=kid.name, source="Dossier") == 1, (
		"once a day is enough for an overview"
	)
	row = frappe.get_last_doc(LOG, {"user": coordinator})
	assert row.person_name == kid.full_name and row.user_name and row.at


def test_a_person_without_record_leaves_no_trace(site):
	kid = make.child()
	api.health_of_person(person=kid.name)
	assert logged(person=kid.name) == 0


@pytest.mark.parametrize("user", ["Administrator", *roles.ADMINISTRATORS])
def test_nobody_alters_or_deletes_the_log(kid, user):
	access_log.note([kid.name], "Health Tab")
	row = frappe.get_last_doc(LOG, {"person": kid.name})
	frappe.set_user(user if user == "Administrator" else make.user(user))
	row.detail = "Personne"
	with pytest.raises((errors.HealthLogIsKept, frappe.PermissionError)):
		row.save()
	row = frappe.get_doc(LOG, row.name)
	with pytest.raises(errors.HealthLogIsKept):
		row.save(ignore_permissions=True)
	with pytest.raises((errors.HealthLogIsKept, frappe.PermissionError)):
		frappe.delete_doc(LOG, row.name)
	with pytest.raises(errors.HealthLogIsKept):
		frappe.delete_doc(LOG, row.name, force=True, ignore_permissions=True)
	with pytest.raises((errors.HealthLogIsKept, frappe.PermissionError)):
		make.insert(LOG, user="Administrator", at=frappe.utils.now(), source="Form", person=kid.name)


def test_no_role_is_given_more_than_reading_the_log(site):
	for rule in frappe.get_meta(LOG).permissions:
		assert rule.role in roles.ADMINISTRATORS
		assert not any(
			rule.get(right) for right in ("write", "create", "delete", "submit", "share", "import")
		)


def test_r43_only_age_removes_from_the_log(kid):
	access_log.note([kid.name], "Health Tab")
	access_log.forget_before(date.fromisoformat(today()))
	assert logged(person=kid.name) == 1
	assert access_log.forget_before(date.fromisoformat(add_days(today(), 1))) >= 1
	assert logged(person=kid.name) == 0


def test_the_report_is_for_administrators(kid):
	from concerto_education.families.report.health_readings.health_readings import execute

	access_log.note([kid.name], "Health Tab")
	rows = execute({"person": kid.name})[1]
	assert [row["person"] for row in rows] == [kid.name]
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR))
	with pytest.raises(frappe.PermissionError):
		execute({})


# ---------------------------------------------------------------- documents


def test_documents_are_read_by_those_who_may_read_the_record(kid):
	document = private_file(record_of(kid))
	readers = {
		role: frappe.has_permission("File", "read", doc=document, user=make.user(role))
		for role in (*READERS, *OTHERS)
	}
	# The IT department's framework role reads the site's settings, and health by its own role as well.
	assert {role for role, may in readers.items() if may} == set(READERS)


def test_who_sent_a_document_and_lost_the_right_reads_it_no_more(kid):
	sender = make.user(roles.SCHOOL_COORDINATOR)
	frappe.set_user(sender)
	document = private_file(record_of(kid))
	assert document.has_permission("read")
	frappe.set_user("Administrator")
	frappe.db.delete("Has Role", {"parent": sender})
	make._put("Has Role", parent=sender, parenttype="User", parentfield="roles", role=roles.SEASONAL_CLERK)
	frappe.clear_cache(user=sender)
	frappe.set_user(sender)
	assert not document.has_permission("read")
	assert not frappe.get_list("File", filters={"name": document.name})


def test_naming_the_address_of_a_document_opens_nothing(kid):
	document = private_file(record_of(kid))
	frappe.set_user(make.user(roles.SEASONAL_CLERK))
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc(
			{"doctype": "File", "file_name": "x.txt", "file_url": document.file_url, "is_private": 1}
		).insert()


# ---------------------------------------------------------------- lists of children


@pytest.fixture
def expected(site):
	"""A child expected today at a site, with an allergy, a diet and a forbidden contact."""
	activity = make.activity(units=("midi",), needs_forecast=1)
	contact = make.person("Interdit", "Marc")
	kid = make.child()
	family = make.family(
		make.member(make.person(), "Representative 1"),
		make.member(kid),
		make.member(contact, "Contact", forbidden=1, may_collect=0, emergency=0),
	)
	enrolment = make.enrolment(family, activity)
	make.attendance(enrolment, today())
	make.health(
		kid,
		allergies=[{"allergen": "Eggs", "severity": "Life-threatening", "instructions": "Stylo"}],
		plans=[{"signed_on": "2026-09-01"}],
		diets=[{"diet": "Sans porc"}],
		doctor="Dr Faure",
	)
	return frappe._dict(kid=kid, enrolment=enrolment, site=enrolment.site, activity=activity.name)


def marks_on_tablet(expected):
	children = tablet.load(expected.site, date.fromisoformat(today()))["children"]
	return next(child for child in children if child["person"] == expected.kid.name)["marks"]


def test_r32_the_tablet_says_what_an_agent_must_know_and_no_more(expected):
	agent = make.user(roles.ATTENDANCE_AGENT, sites=(expected.site,))
	frappe.set_user(agent)
	marks = marks_on_tablet(expected)
	assert [mark["kind"] for mark in marks] == ["forbidden", "allergy", "pai", "diet"]
	assert "INTERDIT Marc" in marks[0]["text"] and "Stylo" in marks[1]["text"] and marks[1]["severe"]
	assert "Faure" not in str(marks)
	frappe.set_user("Administrator")
	assert logged(user=agent, person=expected.kid.name, source="List of Children") == 1


def test_the_day_sheet_shows_the_same_to_who_ticks_and_nothing_to_others(expected):
	def sheet(role, *sites):
		frappe.set_user(make.user(role, sites=sites))
		rows = day_sheet.rows(expected.site, expected.activity, "midi", date.fromisoformat(today()))
		frappe.set_user("Administrator")
		return rows[0]["marks"]

	assert [mark["kind"] for mark in sheet(roles.ATTENDANCE_AGENT, expected.site)] == [
		"forbidden",
		"allergy",
		"pai",
		"diet",
	]
	assert sheet(roles.FINANCE_CLERK) == [], "money needs no health"
