"""What the month board calls (R33). Types are enforced by Frappe, so no postponed annotations in this file."""

import frappe

from concerto_education.attendance import rights
from concerto_education.attendance.closing import board, close, left
from concerto_education.attendance.closing.months import first_of
from concerto_education.authority.transactions import in_fresh_transaction
from concerto_education.families.rights import require


@frappe.whitelist()
def load(month: str | None = None) -> dict:
	"""The board of a month, "2026-09"."""
	require("Monthly Close", "read")
	return board.load(f"{month}-01" if month else None)


@frappe.whitelist()
def what_is_left(site: str, month: str) -> list:
	"""What keeps the month of a site open, line by line, with links."""
	rights.require_read(site)
	return left.listed(site, first_of(f"{month}-01"))


@frappe.whitelist(methods=["POST"])
def close_month(site: str, month: str, remark: str = "") -> str:
	"""The responsible of a site confirms its attendance of a month. Returns the name of the record."""
	rights.require_judge(site)
	# What is counted after the lock is then all that was ticked before it.
	return in_fresh_transaction(lambda: close.close(site, f"{month}-01", remark).name)


@frappe.whitelist(methods=["POST"])
def reopen_month(site: str, month: str, because: str) -> str:
	"""Open a closed month again, with the reason. Returns the name of the record."""
	require("Monthly Close", "write")
	return close.reopen(site, f"{month}-01", because).name
