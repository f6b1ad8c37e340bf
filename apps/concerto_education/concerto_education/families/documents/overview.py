"""Documents, authorisations, mandates and reminders of one family, for its form. The right to read it was checked."""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _
from frappe.utils import formatdate, getdate, today

from concerto_education.engine import mandates as engine
from concerto_education.families.documents import authorisations, missing, reminders, scope
from concerto_education.families.documents.missing import Missing
from concerto_education.families.mandates import service as mandates
from concerto_education.families.members import CHILD

SHOWN_REMINDERS = 10


def of_family(family: str) -> dict:
	"""All that the tab "Documents" shows."""
	day = getdate(today())
	items = missing.for_families([family], day).get(family, ())
	health = scope.may_read_health()
	return {
		"missing": [missing.visible(item, health) for item in items],
		"documents": _documents(family, day),
		"children": _children(family, day),
		"mandates": _mandates(family, day),
		"reminders": _reminders(family),
		"emails": reminders.addresses([family])[family],
		"figures": _figures(family, items, day),
		"may": {
			"answer": bool(frappe.has_permission("Authorisation", "create")),
			"document": bool(frappe.has_permission("Family Document", "create")),
			"mandate": bool(frappe.has_permission("Mandate", "create")),
			"remind": bool(frappe.has_permission("Family", "email")),
		},
	}


# ---------------------------------------------------------------- the strip


def _figures(family: str, items: tuple[Missing, ...], day: date) -> list[dict]:
	"""Two figures for the strip on top of the form: what is missing, and the mandates."""
	figures = [_missing_figure(items)]
	if mandate := _mandate_figure(family, day):
		figures.append(mandate)
	return figures


def _missing_figure(items: tuple[Missing, ...]) -> dict:
	label, tab = _("Missing in the Dossier"), "documents_tab"
	if not items:
		return {
			"label": label,
			"value": _("Nothing"),
			"detail": _("Documents and data are complete"),
			"tab": tab,
		}
	counts = {kind: sum(1 for item in items if item.kind == kind) for kind in missing.KINDS}
	words = {
		missing.DATA: _("{0} data"),
		missing.DOCUMENT: _("{0} documents"),
		missing.AUTHORISATION: _("{0} authorisations"),
		missing.MANDATE: _("{0} mandate"),
	}
	detail = " · ".join(words[kind].format(count) for kind, count in counts.items() if count)
	return {"label": label, "value": len(items), "detail": detail, "kind": "is-danger", "tab": tab}


def _mandate_figure(family: str, day: date) -> dict | None:
	"""The mandate of each payer who has one or pays by direct debit; nothing for the others."""
	if not frappe.has_permission("Mandate", "read"):
		return None
	rows = _mandates(family, day)
	if not rows:
		return None
	label, tab = _("SEPA Mandate"), "documents_tab"
	if len(rows) > 1:
		usable = sum(row["usable"] for row in rows)
		kind = "" if usable == len(rows) else "is-warning"
		detail = " · ".join(f"{row['recipient']}: {_(row['state'])}" for row in rows)
		value = _("{0} of {1} active").format(usable, len(rows))
		return {"label": label, "value": value, "detail": detail, "kind": kind, "tab": tab}
	row = rows[0]
	return {
		"label": label,
		"value": _(row.get("state")),
		"detail": row["account"] or row["recipient"],
		"kind": "" if row["usable"] else "is-warning",
		"tab": tab,
	}


# ---------------------------------------------------------------- the tab


def _documents(family: str, day: date) -> list[dict]:
	rows = frappe.get_list(
		"Family Document",
		filters={"family": family},
		fields=[
			"name",
			"document_type",
			"person",
			"payer",
			"status",
			"received_on",
			"valid_to",
			"file",
			"refusal_reason",
		],
		order_by="received_on desc, creation desc",
		limit_page_length=0,
	)
	people = _titles("Person", "full_name", [row.person for row in rows])
	payers = _titles("Payer", "recipient", [row.payer for row in rows])
	for row in rows:
		if row.status == "Valid" and row.valid_to and row.valid_to < day:
			row.status = "Expired"
		row.subject = people.get(row.person) or payers.get(row.payer) or ""
	return rows


def _titles(doctype: str, field: str, names: list) -> dict[str, str]:
	# Names of members and payers of a family that may be read.
	wanted = [name for name in names if name]
	if not wanted:
		return {}
	return dict(
		frappe.get_all(doctype, filters={"name": ("in", wanted)}, fields=["name", field], as_list=True)
	)


def _children(family: str, day: date) -> list[dict]:
	if not frappe.has_permission("Authorisation", "read"):
		return []
	# Members of the family that may be read.
	rows = frappe.get_all(
		"Family Member",
		filters={"parent": family, "parenttype": "Family", "role": CHILD},
		fields=["person", "full_name"],
		order_by="idx asc",
	)
	answers = authorisations.of_children([row.person for row in rows], day)
	return [
		{"person": row.person, "full_name": row.full_name, "answers": answers[row.person]} for row in rows
	]


def _mandates(family: str, day: date) -> list[dict]:
	"""Active payers who have a mandate or chose direct debit."""
	if not frappe.has_permission("Mandate", "read"):
		return []
	payers = frappe.get_list(
		"Payer",
		filters={"family": family, "active": 1},
		fields=["name", "recipient", "payment_method"],
		order_by="creation asc",
	)
	states = mandates.states_of([payer.name for payer in payers], day)
	found = []
	for payer in payers:
		state = states.get(payer.name)
		if not state and payer.payment_method != "Direct Debit":
			continue
		found.append(
			{
				"payer": payer.name,
				"recipient": payer.recipient,
				"mandate": state.name if state else None,
				"rum": state.rum if state else "",
				"state": state.state if state else "None",
				"open": bool(state and state.state in engine.OPEN),
				"account": state.account if state else "",
				"usable": bool(state and state.usable),
				"lapses_on": formatdate(state.lapses_on) if state and state.lapses_on else "",
			}
		)
	return found


def _reminders(family: str) -> list[dict]:
	if not frappe.has_permission("Document Reminder", "read"):
		return []
	rows = frappe.get_list(
		"Document Reminder",
		filters={"family": family},
		fields=["name", "sent_at", "channel", "state", "recipients", "sent_by", "problem"],
		order_by="sent_at desc",
		limit_page_length=SHOWN_REMINDERS,
	)
	names = dict(
		frappe.get_all(  # the name of a colleague
			"User",
			filters={"name": ("in", [row.sent_by for row in rows])},
			fields=["name", "full_name"],
			as_list=True,
		)
	)
	items = frappe.get_all(  # rows of reminders that were listed with the user's rights
		"Document Reminder Item",
		filters={"parent": ("in", [row.name for row in rows]), "parenttype": "Document Reminder"},
		fields=["parent", "label", "person_name"],
		order_by="idx asc",
	)
	for row in rows:
		row.sent_by = names.get(row.sent_by) or row.sent_by
		row["what"] = [item.label for item in items if item.parent == row.name]
	return rows
