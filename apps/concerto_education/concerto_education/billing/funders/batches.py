"""When vouchers are batched: 31/12, 31/03, 30/06, 31/08 by default (R21)."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

import frappe
from frappe import _

from concerto_education.billing.funders.errors import InvalidBatchDate

LEAP = 2028  # 29 February is a date


def parse(text: str | None) -> list[tuple[int, int]]:
	"""(month, day) of each end of a batch. Throws InvalidBatchDate."""
	found = []
	for part in (text or "").split(","):
		match = re.fullmatch(r"\s*(\d{1,2})/(\d{1,2})\s*", part)
		if not match or not _is_date(int(match[2]), int(match[1])):
			frappe.throw(
				_("Ends of Voucher Batches: “{0}” is not a day of the year. Write for instance {1}").format(
					part.strip(), "31/12, 31/03, 30/06, 31/08"
				),
				InvalidBatchDate,
			)
		found.append((int(match[2]), int(match[1])))
	return sorted(set(found))


def _is_date(month: int, day: int) -> bool:
	return 1 <= month <= 12 and 1 <= day <= monthrange(LEAP, month)[1]


def ends_in(month: date) -> bool:
	"""Whether a batch ends in the month: it is made once that month has been billed."""
	text = frappe.db.get_single_value("Funding Settings", "voucher_batches")
	return month.month in {end for end, _day in parse(text or "31/12, 31/03, 30/06, 31/08")}
