"""The models that a new site starts with. Seeded once: they belong to the administrators from then on."""

from __future__ import annotations

import json
from pathlib import Path

import frappe

DATA = Path(__file__).parent / "data"


def models() -> list[dict]:
	"""The shipped models, in their order."""
	return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(DATA.glob("*.json"))]


def seed() -> None:
	"""Insert the shipped models into a site that has none."""
	if frappe.db.count("Activity Model"):
		return
	for position, values in enumerate(models(), 1):
		frappe.get_doc(prepared({**values, "position": position})).insert()


def prepared(values: dict) -> dict:
	"""A model as this site can hold it: categories and accounting codes that it doesn't know are left out."""
	found = {**values, "doctype": "Activity Model"}
	found["categories"] = [
		{"category": name}
		for name in values.get("categories", ())
		if frappe.db.exists("Enrolment Category", name)
	]
	if not frappe.db.exists("Imputation", values.get("imputation")):
		found.pop("imputation", None)
	return found
