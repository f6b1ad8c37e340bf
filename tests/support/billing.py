"""Billing inside the transaction of a test."""

from __future__ import annotations

import pytest


@pytest.fixture
def one_billing_transaction(site, monkeypatch) -> None:
	"""Runs commit nothing, so what a test writes is rolled back. Runs that the site holds are out of the way."""
	import frappe

	from concerto_education.billing import run

	monkeypatch.setattr(run, "checkpoint", lambda: None)
	monkeypatch.setattr(frappe, "enqueue", lambda *args, **kwargs: None)
	for doctype in ("Invoice", "Invoice Line", "Charge", "Billing Run", "Attendance"):
		frappe.db.delete(doctype)
	frappe.db.set_single_value("Authority Settings", {"invoice_threshold": 15, "strict_credit": 0})
	frappe.db.set_single_value("Authority Settings", "lookback_months", 12)
	frappe.clear_document_cache("Authority Settings", "Authority Settings")
