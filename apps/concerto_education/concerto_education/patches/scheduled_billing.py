import frappe

from concerto_education.billing import scheduled


def execute():
	"""The draft of a month is prepared by itself from the 15th on (R33): also on sites that were there before."""
	scheduled.seed()
	frappe.db.set_single_value("Authority Settings", {"scheduled_billing": 1, "debit_days": "6, 10, 15"})
