"""The benchmark of billing, by `make bench`. It measures and prints; slowness fails nothing, growth does."""

import frappe
import pytest

from tests.benchmark import billing


@pytest.mark.benchmark
def test_a_month_of_billing():
	frappe.db.rollback()
	figures = [billing.measure(families) for families in billing.sizes()]
	billing.compare(figures)
	for found in figures:
		assert found["invoices"] == found["families"]
		# One more where the rows of a chunk fill one statement more.
		assert max(found["queries_of_full_chunks"]) - min(found["queries_of_full_chunks"]) <= 2
	if len(figures) > 1:
		assert figures[-1]["peak_mb"] < figures[0]["peak_mb"] * 1.25
