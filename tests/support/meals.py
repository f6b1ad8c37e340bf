"""The day on which meals are ordered in tests."""

import pytest


@pytest.fixture
def monday(site, monkeypatch):
	"""Monday, 8 o'clock; the site is in the time zone of freezegun."""
	import frappe
	from freezegun import freeze_time

	from concerto_education.attendance.meals import cutoff

	monkeypatch.setattr(frappe.utils.data, "get_system_timezone", lambda: "UTC")
	monkeypatch.setattr(cutoff, "checkpoint", lambda: None)
	# Kitchens of the site are out of the way: only the test's own makes orders.
	frappe.db.set_value("Meal Service", {"active": 1}, "active", 0)
	with freeze_time("2026-09-14 08:00:00.5"):
		yield


@pytest.fixture
def town(monday):
	from tests.meal_town import Town

	return Town()
