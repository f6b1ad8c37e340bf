"""What billing asks of other rooms."""

from __future__ import annotations

import frappe
from frappe import _

from concerto_education.billing.lock import is_billing_busy
from concerto_education.families.errors import MergeMustWait


def before_merge(doctype: str, kept: str, dropped: str) -> None:
	"""A run that is being computed would write charges for a dossier that is about to vanish."""
	if is_billing_busy():
		frappe.throw(
			_("A billing run is being computed or issued at this moment. Merge when it has finished"),
			MergeMustWait,
		)
