"""Who sees which site, and that lists and documents agree (R6–R10).

Records are put straight into the tables: what is tested is the guard, not the forms.
"""

import frappe
import pytest

from concerto_education import permissions
from concerto_education.authority import roles
from tests.builders import serial, user

SCOPED = ("Site", "Enrolment", "Attendance")
# Roles that may read both: the criterion is the same for all of them.
BOUND = (roles.SCHOOL_COORDINATOR, roles.LEISURE_DIRECTOR, roles.NURSERY_DIRECTOR)


@pytest.fixture
def world():
	"""Two sites, an enrolment and an attendance at each: {"a": {doctype: name}, "b": …}."""
	found = {}
	for letter in "ab":
		site = put("Site", name=f"Site {letter} d'essai {serial()}", kind="School")
		enrolment = put("Enrolment", name=f"INS-T{serial()}", site=site, status="Confirmed")
		attendance = put(
			"Attendance", name=f"att{serial()}", site=site, enrolment=enrolment, status="Planned", unit="midi"
		)
		found[letter] = {"Site": site, "Enrolment": enrolment, "Attendance": attendance}
	return found


def put(doctype, **values):
	doc = frappe.get_doc({"doctype": doctype, **values})
	doc.flags.name_set = True
	doc.db_insert()
	return doc.name


def listed(doctype, names):
	return {row.name for row in frappe.get_list(doctype, filters={"name": ("in", names)}, limit=0)}


def readable(doctype, names):
	return {
		name for name in names if frappe.has_permission(doctype, "read", doc=frappe.get_doc(doctype, name))
	}


def readable_doctypes(role):
	"""Agents read no enrolments at all."""
	return SCOPED if role in BOUND else ("Site", "Attendance")


def seen(doctype, world):
	"""Letters of the sites whose record is seen; asserts that list and document agree."""
	names = {letter: world[letter][doctype] for letter in world}
	in_list, as_document = listed(doctype, list(names.values())), readable(doctype, list(names.values()))
	assert in_list == as_document
	return {letter for letter, name in names.items() if name in in_list}


@pytest.mark.parametrize("role", [*BOUND, roles.ATTENDANCE_AGENT])
def test_r10_staff_of_a_site_sees_that_site_only(world, role):
	frappe.set_user(user(role, sites=(world["a"]["Site"],)))
	for doctype in readable_doctypes(role):
		assert seen(doctype, world) == {"a"}


@pytest.mark.parametrize("role", [*BOUND, roles.ATTENDANCE_AGENT])
def test_r10_staff_without_any_site_sees_none(world, role):
	frappe.set_user(user(role))
	for doctype in readable_doctypes(role):
		assert seen(doctype, world) == set()


@pytest.mark.parametrize("role", [roles.SUPER_ADMINISTRATOR, roles.SCHOOL_ADMINISTRATOR, roles.FINANCE_CLERK])
def test_administrators_and_finance_see_every_site(world, role):
	frappe.set_user(user(role))
	for doctype in SCOPED:
		assert seen(doctype, world) == {"a", "b"}


@pytest.mark.parametrize("role", [roles.SEASONAL_CLERK, roles.AREA_MANAGER, roles.SERVICE_REFERENT])
def test_staff_across_sites_is_narrowed_by_the_sites_it_is_given(world, role):
	frappe.set_user(user(role))
	assert seen("Attendance", world) == {"a", "b"}
	frappe.set_user("Administrator")
	frappe.set_user(user(role, sites=(world["b"]["Site"],)))
	assert seen("Attendance", world) == {"b"}


def test_R41_the_kitchen_reads_its_site_and_no_names(world):
	frappe.set_user(user(roles.KITCHEN, sites=(world["a"]["Site"],)))
	assert seen("Site", world) == {"a"}
	for doctype in ("Attendance", "Enrolment", "Person", "Family"):
		assert not frappe.has_permission(doctype, "read")


def test_an_agent_reads_no_dossier_and_no_money(world):
	agent = user(roles.ATTENDANCE_AGENT, sites=(world["a"]["Site"],))
	for doctype in (
		"Family",
		"Person",
		"Quotient",
		"Payer",
		"Custody Calendar",
		"Enrolment",
		"Charge",
		"Invoice",
	):
		assert not frappe.has_permission(doctype, "read", user=agent), doctype
		frappe.set_user(agent)
		with pytest.raises(frappe.PermissionError):
			frappe.get_list(doctype)
		frappe.set_user("Administrator")


def test_only_administrators_and_finance_read_charges_and_invoices():
	for doctype in ("Charge", "Invoice"):
		readers = {rule.role for rule in frappe.get_meta(doctype).permissions if rule.read}
		assert readers <= {*roles.ADMINISTRATORS, roles.FINANCE_CLERK}


def test_the_family_role_reads_nothing_by_itself():
	"""The portal gives explicit fields; no DocType gives the role anything."""
	granting = frappe.get_all("DocPerm", filters={"role": roles.FAMILY}, pluck="parent")
	assert granting == []
	assert frappe.db.get_value("Role", roles.FAMILY, "desk_access") == 0


def test_a_record_is_not_taken_over_by_writing_ones_own_site_into_it(world):
	frappe.set_user(user(roles.SCHOOL_COORDINATOR, sites=(world["a"]["Site"],)))
	stolen = frappe.get_doc("Enrolment", world["b"]["Enrolment"])
	stolen.site = world["a"]["Site"]
	assert permissions.has_permission(stolen, "write") is False
	assert not frappe.has_permission("Enrolment", "write", doc=stolen)


def test_a_new_record_is_refused_for_another_site(world):
	frappe.set_user(user(roles.SCHOOL_COORDINATOR, sites=(world["a"]["Site"],)))
	for letter, expected in (("a", True), ("b", False)):
		doc = frappe.new_doc("Enrolment")
		doc.site = world[letter]["Site"]
		assert permissions.has_permission(doc, "create") is expected


def test_the_answer_is_always_a_bool_and_deny_is_never_empty(world):
	for account in ("Administrator", user(roles.ATTENDANCE_AGENT), "Guest"):
		for doctype in SCOPED:
			doc = frappe.get_doc(doctype, world["a"][doctype])
			assert type(permissions.has_permission(doc, "read", account)) is bool
	assert permissions.attendance_conditions(user(roles.KITCHEN)) == permissions.DENY
	assert permissions.attendance_conditions("Guest") == permissions.DENY


def test_a_quote_in_the_name_of_a_site_is_no_way_in(world):
	rule = permissions.Criterion("site", frozenset({"x' or '1'='1"}))
	names = [world[letter]["Attendance"] for letter in world]
	found = frappe.db.sql(f"select name from `tabAttendance` where {rule.as_sql('Attendance')}")
	assert not {row[0] for row in found} & set(names)


def test_person_of_another_school_can_still_be_found_r12(world):
	"""Search first: a dossier is found wherever the child goes to school."""
	name = put(
		"Person", name=f"PER-T{serial()}", last_name="ESSAI", full_name="ESSAI Lou", school=world["b"]["Site"]
	)
	frappe.set_user(user(roles.SCHOOL_COORDINATOR, sites=(world["a"]["Site"],)))
	assert readable("Person", [name]) == listed("Person", [name]) == {name}
