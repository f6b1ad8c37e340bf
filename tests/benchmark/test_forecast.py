"""The benchmark of forecasts, by `make bench`. It measures and prints; slowness fails nothing, doubles do."""

import frappe
import pytest

from tests.benchmark import forecast


@pytest.mark.benchmark
def test_a_school_year_of_forecasts():
	frappe.db.rollback()
	figures = forecast.measure(forecast.size())
	assert figures["first forecast: rows"]
	assert figures["again: rows"] == 0, "a forecast that is made again changes nothing"
	assert figures["refused"] == 0
