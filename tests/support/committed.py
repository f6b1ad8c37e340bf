"""Data that other processes see: committed for one test, and taken away again after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

DOCTYPES = (
	"Activity",
	"Activity Category",
	"Activity Site",
	"Activity Unit",
	"Allocation",
	"Attendance",
	"Billing Run",
	"Billing Run Problem",
	"Charge",
	"Charge Waiver",
	"Comment",
	"Enrolment",
	"Enrolment Category",
	"Enrolment Payer",
	"Error Log",
	"Family",
	"Family Member",
	"Imputation",
	"Instalment Plan",
	"Instalment Plan Invoice",
	"Invoice",
	"Invoice Correction",
	"Invoice Line",
	"Manual Adjustment",
	"Payer",
	"Payment",
	"Person",
	"Quotient",
	"Refund",
	"Reminder",
	"Reminder Invoice",
	"Reminder Run",
	"Site",
	"Tariff",
	"Tariff Band",
	"User",
	"Version",
)


@pytest.fixture
def committed(site) -> Iterator[None]:
	"""The test may commit: records of these DocTypes that were not there before are deleted at the end.

	Straight from the tables: forms refuse to delete invoices, and rightly so.
	"""
	import frappe

	frappe.db.rollback()
	before = {doctype: set(frappe.get_all(doctype, pluck="name")) for doctype in DOCTYPES}
	yield
	frappe.db.rollback()
	frappe.set_user("Administrator")
	for doctype in DOCTYPES:
		new = set(frappe.get_all(doctype, pluck="name")) - before[doctype]
		if new:
			frappe.db.delete(doctype, {"name": ("in", list(new))})
	frappe.db.commit()
	frappe.clear_cache()
