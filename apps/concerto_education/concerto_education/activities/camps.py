"""Camps (séjours): named by number, place and dates (R7)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import getdate

from concerto_education.activities.errors import CampIncomplete, CampNameTaken

CAMP = "Camp"
NEEDED = ("camp_number", "camp_place", "valid_from", "valid_to")


def require_complete(doc) -> None:
	"""A camp has a number, a place and its dates."""
	missing = [_(doc.meta.get_label(field)) for field in NEEDED if not doc.get(field)]
	if missing:
		frappe.throw(
			_("A camp has a number, a place and its dates. Still to be filled: {0} (R7)").format(
				", ".join(missing)
			),
			CampIncomplete,
		)


def name_of(doc) -> str:
	"""« Séjour 3 – Lac de Vassivière, du 12/07/2027 au 16/07/2027 »."""
	return _("Camp {0} – {1}, {2} to {3}").format(
		doc.camp_number.strip(),
		doc.camp_place.strip(),
		getdate(doc.valid_from).strftime("%d/%m/%Y"),
		getdate(doc.valid_to).strftime("%d/%m/%Y"),
	)


def rename(doc) -> str:
	"""Give a camp the name of its present number, place and dates, everywhere. The caller checked the rights."""
	require_complete(doc)
	new = name_of(doc)
	if new == doc.name:
		return new
	if frappe.db.exists("Activity", new):
		frappe.throw(_("There is already a camp named {0}").format(new), CampNameTaken)
	# The name of an activity is not free to be typed anew; that of a camp follows its dates.
	frappe.rename_doc("Activity", doc.name, new, force=True, show_alert=False)
	return new
