"""What the page "Meals" may call. Types are enforced by Frappe, so no postponed annotations in this file.

Rights first: ``board.require`` asks who sees something of a kitchen, ``rights.require_judge`` who answers for a site.
"""

from datetime import date

import frappe
from frappe import _
from frappe.utils import getdate

from concerto_education.attendance import rights
from concerto_education.attendance.errors import AlreadyRecorded, NoKitchen, OrderTooLate
from concerto_education.attendance.meals import board, census, mail, orders, printing
from concerto_education.attendance.meals.services import kitchen_of
from concerto_education.authority import pdf, tables


@frappe.whitelist()
def options() -> list:
	"""Kitchens of which the user sees at least one site."""
	return board.kitchens()


@frappe.whitelist()
def load_day(kitchen: str, day: date | None = None) -> dict:
	"""Orders of a day, and forecasts where nothing is ordered yet."""
	return board.day_board(board.require(kitchen), day or getdate())


@frappe.whitelist()
def load_week(kitchen: str, day: date | None = None) -> list:
	"""The same for the days of a week."""
	return board.week_board(board.require(kitchen), day or getdate())


@frappe.whitelist(methods=["POST"])
def order(site: str, day: date) -> dict:
	"""Make the order of a site and day by hand, or a correction of it (R41)."""
	rights.require_judge(site)
	one = _kitchen(site)
	try:
		doc = orders.make(one, site, day, orders.BY_HAND)
	except frappe.UniqueValidationError:
		frappe.clear_messages()
		frappe.throw(_("Somebody else has just ordered: load the page again"), AlreadyRecorded)
	if not doc:
		return {"made": None, "message": _("Nothing has changed: the kitchen knows these numbers")}
	sent = mail.send(one, day, [doc])
	text = (
		_("Correction {0} made: {1} meals").format(doc.version, doc.total)
		if doc.version
		else _("Order made: {0} meals").format(doc.total)
	)
	if one.emails:
		text += ". " + (_("Sent to the kitchen") if sent else _("No e-mail could be sent: tell the kitchen"))
	return {"made": doc.name, "message": text}


@frappe.whitelist(methods=["POST"])
def set_adults(site: str, day: date, adults: int, note: str | None = None) -> dict:
	"""The number of adults who eat at a site on a day without being enrolled (R27)."""
	rights.require_judge(site)
	if day < getdate():
		frappe.throw(_("Day: it is over, nothing can be ordered for it"), OrderTooLate)
	one = _kitchen(site)
	served, *others = one.at(site)
	census.set_extra_adults(served, day, adults, note)
	for other in others:
		# One number for the site: it is kept with the first activity.
		census.set_extra_adults(other, day, 0)
	return {"adults": census.extra_adults(one, site, day)}


@frappe.whitelist()
def versions(site: str, day: date) -> list:
	"""All versions of a site and day; who changed what, for whoever answers for the site."""
	one = _kitchen(site)
	if site not in board.sites_shown(one):
		frappe.throw(_("You may not see the meals of {0}").format(site), frappe.PermissionError)
	return board.versions(one, site, day, with_changes=board.may_order(site))


@frappe.whitelist()
def day_pdf(kitchen: str, day: date) -> None:
	"""The page for the wall of the kitchen."""
	one = board.require(kitchen)
	pdf.respond(printing.day_pdf(one, day), printing.file_name(kitchen, day))


@frappe.whitelist()
def week_pdf(kitchen: str, day: date) -> None:
	"""The week on one page."""
	one = board.require(kitchen)
	pdf.respond(printing.week_pdf(one, day), printing.file_name(f"{kitchen} semaine", day))


@frappe.whitelist()
def table(kitchen: str, day: date, week: bool = False) -> None:
	"""A day or a week as CSV: numbers only."""
	one = board.require(kitchen)
	boards = board.week_board(one, day) if week else [board.day_board(one, day)]
	tables.respond(printing.table(boards), printing.file_name(kitchen, day, "csv"))


def _kitchen(site: str):
	one = kitchen_of(site)
	if not one:
		frappe.throw(
			_("Site: no kitchen serves {0}. An administrator adds it to a meal service").format(site),
			NoKitchen,
		)
	return one
