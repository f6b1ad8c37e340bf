"""One billing process at a time on a site (``authority/named_lock.py`` says why a named lock)."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from frappe import _

from concerto_education.authority import named_lock
from concerto_education.billing.errors import BillingBusy

PURPOSE = "concerto_billing"


@contextmanager
def billing_lock() -> Iterator[None]:
	"""Hold the site's billing lock for the block. Raises BillingBusy at once if somebody else holds it."""
	with named_lock.held(PURPOSE) as mine:
		if not mine:
			frappe.throw(
				_(
					"Another billing run is being computed or issued at this moment. Wait until it has finished."
				),
				BillingBusy,
			)
		yield


def is_billing_busy() -> bool:
	"""Whether any process holds the billing lock now."""
	return named_lock.is_held(PURPOSE)
