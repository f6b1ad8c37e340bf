"""Fields that only some readers see: every DocType that has such fields hides them after a save too."""

from __future__ import annotations

import json

import frappe
import pytest

from concerto_education.authority import field_rights
from tests import builders as make


def with_hidden_fields() -> list[str]:
	"""DocTypes of the app whose readers don't all read every field; rows of tables are read with their parent."""
	ours = frappe.get_all(
		"DocType", {"module": ("in", frappe.get_module_list("concerto_education")), "istable": 0}
	)
	return sorted(row.name for row in ours if field_rights.hidden_from_some(row.name))


def test_each_of_them_is_in_the_hooks():
	hooked = [
		doctype
		for doctype, events in frappe.get_doc_hooks().items()
		if "concerto_education.authority.field_rights.hide_after_save" in (events.get("on_change") or [])
	]
	assert with_hidden_fields() == sorted(hooked)
	assert {"Mandate", "Opening Note", "Placement"} <= set(hooked)


@pytest.mark.parametrize(("role", "hidden"), [("Seasonal Clerk", ["iban"]), ("Finance Clerk", [])])
def test_r20_who_may_not_read_the_account(role, hidden):
	mandate = make.mandate(make.payer(make.family()))
	frappe.set_user(make.user(role))
	assert field_rights.unreadable(mandate) == hidden


def test_the_history_of_such_a_field_keeps_who_and_when_and_not_what():
	note = make.opening_note(make.family(), "Ouverte.", social_note="Avant.")
	note.update({"note": "Ouverte deux fois.", "social_note": "Après."})
	note.save(ignore_version=False)
	data = json.loads(frappe.get_last_doc("Version", {"docname": note.name}).data)
	changes = {row[0]: row[1:] for row in data["changed"]}
	assert changes["social_note"] == [field_rights.HIDDEN, field_rights.HIDDEN]
	assert changes["note"] == ["Ouverte.", "Ouverte deux fois."]


def test_r23_who_reads_a_health_record_reads_its_history():
	record = make.health(make.child(), doctor="Dr Mirabelle")
	record.doctor = "Dr Prune"
	record.save(ignore_version=False)
	data = frappe.get_last_doc("Version", {"docname": record.name}).data
	assert "Dr Mirabelle" in data and "Dr Prune" in data
