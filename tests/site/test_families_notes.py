"""Notes that are shown when a dossier opens, until each user has acknowledged them: R17."""

import frappe
import pytest
from frappe.utils import add_days, today

from concerto_education.authority import roles
from concerto_education.families import errors
from concerto_education.families.notes import api, service
from tests.builders import family, opening_note, user


def unread(doc) -> list[str]:
	return [row["note"] for row in api.notes_of(doc.name) if row["unread"]]


def test_r17_each_user_acknowledges_for_himself():
	doc = family()
	note = opening_note(doc, "Appeler la grand-mère.")
	first, second = user(roles.SCHOOL_COORDINATOR), user(roles.SEASONAL_CLERK)
	frappe.set_user(first)
	assert unread(doc) == ["Appeler la grand-mère."]
	api.acknowledge(note.name, 1)
	assert unread(doc) == []
	assert [row["note"] for row in api.notes_of(doc.name)] == ["Appeler la grand-mère."], (
		"it stays in the form"
	)
	frappe.set_user(second)
	assert unread(doc) == ["Appeler la grand-mère."]


def test_r17_who_has_read_it_and_when_is_stored_once():
	note = opening_note(family())
	frappe.set_user(reader := user(roles.SCHOOL_COORDINATOR))
	api.acknowledge(note.name, 1)
	api.acknowledge(note.name, 1)
	frappe.set_user("Administrator")
	(row,) = frappe.get_all(
		service.ACKNOWLEDGEMENT,
		filters={"opening_note": note.name},
		fields=["user", "acknowledged_at", "revision"],
	)
	assert (row.user, row.revision) == (reader, 1)
	assert str(row.acknowledged_at.date()) == today()


def test_r17_a_changed_note_is_shown_again():
	doc = family()
	note = opening_note(doc, "Avant.")
	api.acknowledge(note.name, 1)
	note.reload()
	note.active = 1
	note.save()
	assert unread(doc) == [], "saving without a change is no change"
	note.note = "Après."
	note.save()
	assert (note.revision, unread(doc)) == (2, ["Après."])


def test_r17_a_reader_acknowledges_what_was_shown_not_what_came_since():
	doc = family()
	note = opening_note(doc, "Avant.")
	note.note = "Après."
	note.save()
	api.acknowledge(note.name, 1)
	assert unread(doc) == ["Après."]
	api.acknowledge(note.name, 99)
	assert unread(doc) == []
	note.note = "Encore."
	note.save()
	assert unread(doc) == ["Encore."], "nobody acknowledges what is not written yet"


def test_r17_a_note_that_is_over_is_not_shown():
	doc = family()
	opening_note(doc, "Hier.", until=add_days(today(), -1))
	opening_note(doc, "Inactive.", active=0)
	opening_note(doc, "Aujourd'hui.", until=today())
	assert unread(doc) == ["Aujourd'hui."]


def test_a_note_says_something():
	with pytest.raises(errors.EmptyNote):
		opening_note(family(), "  ")


def test_the_trace_of_a_note_is_the_servers():
	note = opening_note(family())
	note.revision, note.changed_by = 0, "Guest"
	note.save()
	assert (note.revision, note.changed_by) == (1, "Administrator")


def test_the_confidential_part_is_for_those_who_follow_the_family():
	doc = family()
	opening_note(doc, "Voir la coordination.", social_note="Placement en cours.")
	hidden = opening_note(doc, None, social_note="Suivi social.")
	for role, texts in (
		(roles.SCHOOL_COORDINATOR, {"Placement en cours.", "Suivi social."}),
		(roles.AREA_MANAGER, {"Placement en cours.", "Suivi social."}),
		(roles.SEASONAL_CLERK, {None}),
		(roles.FINANCE_CLERK, {None}),
		(roles.SERVICE_REFERENT, {None}),
	):
		frappe.set_user(user(role))
		assert {row["social_note"] for row in api.notes_of(doc.name)} == texts, role
		frappe.set_user("Administrator")
	frappe.set_user(user(roles.SEASONAL_CLERK))
	assert [row["note"] for row in api.notes_of(doc.name)] == ["Voir la coordination."]
	with pytest.raises(frappe.PermissionError):
		api.acknowledge(hidden.name, 1)


def test_who_may_not_read_the_family_reads_no_note():
	doc = family()
	note = opening_note(doc)
	for role in (roles.ATTENDANCE_AGENT, roles.KITCHEN, roles.FAMILY):
		frappe.set_user(user(role))
		with pytest.raises(frappe.PermissionError):
			api.notes_of(doc.name)
		with pytest.raises(frappe.PermissionError):
			api.acknowledge(note.name, 1)
		frappe.set_user("Administrator")


def test_acknowledgements_are_kept_and_go_with_their_note():
	note = opening_note(family())
	api.acknowledge(note.name, 1)
	row = frappe.get_doc(service.ACKNOWLEDGEMENT, {"opening_note": note.name})
	row.user = "Guest"
	with pytest.raises(errors.AcknowledgementIsKept):
		row.save()
	note.delete()
	assert not frappe.db.exists(service.ACKNOWLEDGEMENT, {"opening_note": note.name})


def test_only_a_note_that_is_shown_is_acknowledged():
	note = opening_note(family(), active=0)
	with pytest.raises(errors.NoteIsGone):
		api.acknowledge(note.name, 1)
