"""The reminder as a letter, for families without e-mail: one page for each family, in one PDF (R24)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import frappe
from frappe import _
from frappe.utils import formatdate

from concerto_education.authority import pdf, templates
from concerto_education.authority.boot import appearance
from concerto_education.families.documents import reminders, texts
from concerto_education.families.documents.missing import Missing
from concerto_education.families.members import REPRESENTATIVES
from concerto_education.families.payers import address_lines, addressed_to


def render(lacking: Mapping[str, tuple[Missing, ...]], day: date, may_read_health: bool) -> bytes:
	"""The letters of these families. What one who may not read health prints names no document about health."""
	page = (Path(__file__).parent / "letter.html").read_text()
	with pdf.in_french():
		made = frappe.get_doc("Email Template", texts.LETTER)
		bodies = [
			frappe.render_template(page, _context(made, family, items, day, may_read_health))
			for family, items in lacking.items()
		]
		title = _("Incomplete Dossiers")
	return pdf.render(bodies, title)


def _context(made, family: str, items, day: date, may_read_health: bool) -> dict:
	known = reminders.context(family, items, may_read_health)
	settings = frappe.get_cached_doc("Authority Settings")
	return {
		"authority": settings.authority_name,
		"authority_lines": address_lines(settings),
		"phone": settings.phone or "",
		"email": settings.email or "",
		"colour": appearance()["accent_colour"],
		"logo": settings.logo or "",
		"recipient": recipient(family),
		"number": family,
		"day": formatdate(day, "d MMMM yyyy"),
		"town": settings.town or "",
		"subject": templates.render_plain(made.subject, known),
		"body": templates.render(made.response_, known),
	}


def recipient(family: str) -> list[str]:
	"""The lines in the window of the envelope: the representatives at the family's address, else the authority's (R17)."""
	# Names and address of a dossier that the caller may read.
	members = frappe.get_all(
		"Family Member",
		filters={"parent": family, "parenttype": "Family", "role": ("in", REPRESENTATIVES)},
		pluck="person",
		order_by="role asc",
	)
	persons = {
		row.name: row
		for row in frappe.get_all(
			"Person",
			filters={"name": ("in", members)},
			fields=["name", "civility", "last_name", "usage_name", "first_name"],
		)
	}
	doc = frappe.db.get_value(
		"Family", family, ["family_name", "address_line1", "address_line2", "postcode", "town"], as_dict=True
	)
	who = [persons[name] for name in members]
	name = addressed_to(*who[:2]) if who else _("Family {0}").format(doc.family_name)
	lines = address_lines(doc) or address_lines(frappe.get_cached_doc("Authority Settings"))
	return [name, *lines]
