"""How much of a funding or voucher the ledger has used (R21): hook ``concerto_funding_used``, and its form."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe import _

from concerto_education.authority.money import decimal_of, format_money
from concerto_education.billing.funders.sources import ledger_by_day
from concerto_education.engine.money import ZERO


def of(source: str) -> tuple[Decimal, int]:
	"""Euros, and days with something left after reversals."""
	rows = ledger_by_day([source])
	return sum((amount for _s, _d, amount in rows), ZERO), sum(1 for _s, _d, amount in rows if amount > 0)


@frappe.whitelist(methods=["GET", "POST"])
def voucher_use(voucher: str) -> dict:
	"""What is used and what is left of a voucher, for its form."""
	doc = frappe.get_doc("Voucher", voucher)
	doc.check_permission("read")
	amount, days = of(voucher)
	if doc.measure == "Days":
		quota, used, left = doc.days, days, max(0, doc.days - days)
		text = _("{0} of {1} days used, {2} left").format(used, quota, left)
	else:
		quota, used = decimal_of(doc.total), amount
		left = max(ZERO, quota - used)
		text = _("{0} of {1} used, {2} left").format(
			format_money(used), format_money(quota), format_money(left)
		)
	percent = int(used * 100 / quota) if quota else 0
	return {"text": text, "percent": percent, "amount": format_money(amount), "full": not left}
