"""The benchmark of billing, by `make bench`. It measures and prints; slowness fails nothing."""

import frappe
import pytest

from tests.benchmark import billing


@pytest.mark.benchmark
def test_a_month_of_billing():
	frappe.db.rollback()
	assert billing.measure(billing.size())["invoices"]
