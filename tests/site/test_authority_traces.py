"""Who did what: before and after, per family and per account, and nobody takes it away (R43)."""

from datetime import datetime, timedelta

import frappe
import pytest
from frappe.utils import now_datetime

from concerto_education.authority import roles
from concerto_education.authority.report.traces import traces as report
from concerto_education.authority.traces.changes import Wanted, traces
from concerto_education.authority.traces.guard import TraceKept, refuse_deletion
from concerto_education.hooks import doc_events
from tests import builders as make

NUMBERED = ("Version", "Access Log", "Activity Log")  # by the database
KEPT = [name for name, events in doc_events.items() if "refuse_deletion" in str(events.get("on_trash", ""))]


@pytest.fixture
def home():
	return make.family()


def asked(family=None, user=None):
	now = now_datetime()
	return traces(Wanted(now - timedelta(hours=1), now + timedelta(hours=1), family, user))


def move(home):
	home.town = "Naintré"
	home.save(ignore_version=False)  # the framework writes no history in tests unless it is told


def of(found, doctype, what):
	return [trace for trace in found if (trace.doctype, trace.what) == (doctype, what)]


def test_a_change_is_told_with_before_and_after(home):
	move(home)
	(change,) = [trace for trace in asked(home.name) if trace.after == "Naintré"]
	label = frappe._(frappe.get_meta("Family").get_label("town"))
	assert (change.doctype, change.field, change.before) == ("Family", label, "Poitiers")
	assert change.user == "Administrator"


def test_what_was_made_for_the_family_and_its_persons_is_told(home):
	make.quotient(home, 512)
	found = asked(home.name)
	assert of(found, "Quotient", frappe._("Made"))
	assert {trace.name for trace in of(found, "Person", frappe._("Made"))} == {
		row.person for row in home.members
	}


def test_another_family_is_not_told(home):
	other = make.family()
	move(other)
	assert all(trace.name != other.name for trace in asked(home.name))


def test_a_deleted_record_is_told(home):
	note = make.opening_note(home)
	frappe.delete_doc("Opening Note", note.name)
	(gone,) = of(asked(home.name), "Opening Note", frappe._("Deleted"))
	assert gone.name == note.name


def test_readings_of_health_are_told(home):
	child = next(row.person for row in home.members if row.role == "Child")
	log = frappe.get_doc(
		{"doctype": "Health Access Log", "at": now_datetime(), "user": "Administrator", "person": child}
	)
	log.name = frappe.generate_hash(length=10)
	log.db_insert()  # the form refuses to be written by hand, and rightly so
	assert of(asked(home.name), "Person", frappe._("Health read"))


def test_an_account_is_told_with_its_exports(home):
	clerk = make.user(roles.SCHOOL_COORDINATOR)
	frappe.get_doc(
		{"doctype": "Access Log", "user": clerk, "export_from": "Family", "file_type": "CSV", "method": "GET"}
	).db_insert()
	frappe.db.set_value("Access Log", {"user": clerk}, "timestamp", now_datetime())
	(export,) = of(asked(user=clerk), "Family", frappe._("Exported"))
	assert (export.user, export.field) == (clerk, "CSV")
	assert all(trace.user == clerk for trace in asked(user=clerk))


def test_the_days_are_inclusive_and_the_newest_is_first(home):
	move(home)
	_columns, rows, _message = report.execute({"family": home.name})
	assert rows and rows == sorted(
		rows, key=lambda row: (row["at"], row["doctype"], row["name"]), reverse=True
	)
	long_ago = datetime(2020, 1, 1, tzinfo=None)  # noqa: DTZ001 - the site has no zones
	assert traces(Wanted(long_ago, long_ago, home.name)) == []


@pytest.mark.parametrize("role", sorted({*roles.STAFF, roles.FAMILY} - {*roles.ADMINISTRATORS}))
def test_only_administrators_read_traces(role):
	frappe.set_user(make.user(role))
	with pytest.raises(frappe.PermissionError):
		report.execute({})


@pytest.mark.parametrize("doctype", KEPT)
def test_no_role_deletes_a_trace(doctype):
	doc = frappe.get_doc({"doctype": doctype})
	doc.name = 10**9 + make.serial() if doctype in NUMBERED else f"trace-{make.serial()}"
	doc.db_insert()
	frappe.set_user(make.user(roles.SUPER_ADMINISTRATOR, "System Manager"))
	with pytest.raises(frappe.PermissionError):
		frappe.delete_doc(doctype, doc.name)
	frappe.set_user("Administrator")
	with pytest.raises(TraceKept):
		refuse_deletion(doc)


@pytest.mark.parametrize("doctype", KEPT)
def test_no_role_changes_a_trace(doctype):
	writers = {
		rule.role for rule in frappe.get_meta(doctype).permissions if rule.write and not rule.permlevel
	}
	assert not writers & {*roles.STAFF, roles.FAMILY} or doctype in ("Attendance Event",)
