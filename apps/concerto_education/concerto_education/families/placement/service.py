"""Recording a placement, and what follows from it (R17, R18).

The carer or the home becomes payer from the first day that is not yet invoiced; nothing that was invoiced changes. The
enrolments stay as they are: ``days.payer_spans`` lays the placement over their payers, so its end gives them back.
"""

from __future__ import annotations

from datetime import timedelta

import frappe
from frappe import _
from frappe.utils import formatdate, getdate

from concerto_education.families.members import CONTACT
from concerto_education.families.notes import service as notes
from concerto_education.families.payers import ORGANISATION, PERSON
from concerto_education.families.placement import letters
from concerto_education.families.placement.rules import FOSTER_CARER, invoiced_until

ADDRESS = ("address_line1", "address_line2", "postcode", "town")


def complete(doc) -> None:
	"""Fill what follows from the rest: days on which the host pays, never one that is invoiced already."""
	if doc.host_kind == FOSTER_CARER:
		doc.organisation = None
	before = doc.get_doc_before_save() if not doc.is_new() else None
	# Who pays from when follows from the placement; a request can't say it.
	for name in ("payer", "pays_from", "pays_to", "opening_note", "notified"):
		doc.set(name, before.get(name) if before else None)
	if not doc.valid_from:
		return
	invoiced = invoiced_until(doc.person) if doc.person else None
	if doc.is_new():
		doc.pays_from = _not_before(getdate(doc.valid_from), invoiced)
		doc.pays_to = doc.valid_to
	elif before and _day(before.valid_to) != _day(doc.valid_to):
		last = _day(doc.valid_to)
		if last and invoiced and invoiced >= getdate(doc.pays_from):
			# What the host was invoiced stays the host's.
			last = max(last, min(invoiced, _day(before.pays_to) or invoiced))
		doc.pays_to = last


def _day(value):
	return getdate(value) if value else None


def _not_before(first, invoiced):
	return max(first, invoiced + timedelta(days=1)) if invoiced else first


# ---------------------------------------------------------------- the beginning


def begin(doc) -> None:
	"""Contact, payer, address, note, letters: all that a new placement makes by itself."""
	if doc.carer:
		_join_family(doc)
	values = {"payer": _payer(doc)}
	_fill_address(doc.family)
	values["opening_note"] = _note(doc).name
	doc.payer = values["payer"]
	values["notified"] = letters.tell(doc)
	# A part of the insert: straight on the row, so that nobody's change seems to come after the beginning.
	doc.db_set(values, update_modified=False)


def _join_family(doc) -> None:
	family = frappe.get_doc("Family", doc.family)
	if any(row.person == doc.carer for row in family.members):
		return
	relation = _("foster carer") if doc.host_kind == FOSTER_CARER else _("children's home")
	family.append(
		"members",
		{"person": doc.carer, "role": CONTACT, "relation": relation, "may_collect": 1, "emergency": 1},
	)
	# The right to write this family was asked for by rules.require_rights.
	family.save(ignore_permissions=True)


def _payer(doc) -> str:
	"""The payer who stands for the host in this family; the same adult has another one at home (R18)."""
	field = "organisation" if doc.organisation else "person"
	who = doc.organisation or doc.carer
	found = frappe.db.get_value("Payer", {"family": doc.family, field: who, "merged_into": ("is", "not set")})
	payer = frappe.get_doc("Payer", found) if found else frappe.new_doc("Payer")
	payer.update({"family": doc.family, "active": 1, field: who})
	if doc.organisation:
		payer.payer_kind = ORGANISATION
	else:
		payer.update({"payer_kind": PERSON, "capacity": "Foster Carer", "own_address": 1})
		payer.update({name: doc.get(name) for name in ADDRESS})
	# The right to make payers was asked for by rules.require_rights.
	return payer.save(ignore_permissions=True).name


def _fill_address(family: str) -> None:
	"""Representatives without an address get the authority's own one (R17)."""
	row = frappe.db.get_value("Family", family, ADDRESS, as_dict=True)
	if any(row.values()):
		return
	settings = frappe.get_cached_doc("Authority Settings")
	values = {name: settings.get(name) for name in ADDRESS if settings.get(name)}
	if not values:
		frappe.msgprint(
			_("The representatives have no address, and the authority has none in its settings (R17)"),
			indicator="orange",
		)
		return
	doc = frappe.get_doc("Family", family)
	doc.update(values)
	# The right to write this family was asked for by rules.require_rights.
	doc.save(ignore_permissions=True)


def _note(doc):
	text = _(
		"{0}: placed since {1}. The invoices go to {2}; ask the ASE before anything goes to the parents."
	).format(
		frappe.db.get_value("Person", doc.person, "full_name"), formatdate(doc.valid_from), host_name(doc)
	)
	if not doc.delegation:
		text += " " + _("The representatives sign: there is no written delegation.")
	else:
		text += " " + _("A written delegation of signature is in the file.")
	# That a child is placed is a social matter: not for everybody who opens the dossier.
	return notes.add(
		doc.family, _("Child entrusted to a third party: see the coordinator before any step."), text
	)


def host_name(doc) -> str:
	"""Carer or home, as people call them."""
	if doc.organisation:
		return frappe.db.get_value("Organisation", doc.organisation, "organisation_name") or doc.organisation
	return frappe.db.get_value("Person", doc.carer, "full_name") or doc.carer


# ---------------------------------------------------------------- the end


def follow(doc) -> None:
	"""A placement that ends takes its note from the screens; one that goes on shows it again."""
	if not doc.opening_note or doc.flags.in_insert:
		return
	note = frappe.get_doc("Opening Note", doc.opening_note)
	if _day(note.until) != _day(doc.valid_to):
		note.until = doc.valid_to
		# Follows from the placement, which the user may write.
		note.save(ignore_permissions=True)


def enrolments_of_host(doc) -> list[dict]:
	"""Enrolments that name the host themselves and go on after the end: somebody else has to be named there."""
	if not doc.valid_to or not doc.payer:
		return []
	# By table, because the room of enrolments is built on top of this one.
	Enrolment, Row = frappe.qb.DocType("Enrolment"), frappe.qb.DocType("Enrolment Payer")
	return (
		frappe.qb.from_(Enrolment)
		.join(Row)
		.on((Row.parent == Enrolment.name) & (Row.parenttype == "Enrolment"))
		.select(Enrolment.name, Enrolment.activity, Enrolment.valid_to)
		.where(Row.payer == doc.payer)
		.where(Enrolment.person == doc.person)
		.where(Enrolment.status == "Confirmed")
		.where(Enrolment.valid_to > getdate(doc.valid_to))
		.orderby(Enrolment.name)
	).run(as_dict=True)
