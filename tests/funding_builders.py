"""Builders of fundings and vouchers: a leisure centre at 12 €, a funder with an address."""

from __future__ import annotations

import frappe
from frappe.utils import getdate

from concerto_education.activities.funding import steps
from tests import billing_builders as build
from tests import builders
from tests.builders import insert

CHILD = build.CHILD


def leisure(
	price=12, rule: str = "Planned Unless Justified", kind: str = "Leisure Centre, Wednesday", **units
):
	found = build.activity(
		"ACM", kind, rule, (CHILD,), "7067-ACM", units.get("units", (("jour", "Journée"),))
	)
	build.tariff(found, price=price)
	return found


def funder(name: str = "Département", kind: str = "Département (ASE)"):
	return builders.organisation(
		build.unique(name),
		kind=kind,
		address_line1="1 place de la Préfecture",
		postcode="86000",
		town="Poitiers",
	)


def funding(enrolment, by, **values):
	"""A request of 8 € a day for the whole enrolment; ``status`` brings it that far, step by step."""
	status = values.pop("status", "Active")
	doc = insert(
		"Funding",
		enrolment=enrolment.name,
		funder=by.name,
		**{
			"basis": "Per Day",
			"amount": 0 if values.get("basis") == "Percentage" else 8,
			"valid_from": enrolment.valid_from,
			"valid_to": enrolment.valid_to,
			"reference": build.unique("REF"),
			"notified_on": "2026-09-01",
			**values,
		},
	)
	for step in {"Requested": (), "Notified": ("Notified",), "Active": ("Notified", "Active")}[status]:
		steps.move(doc, step)
	return doc


def voucher(home, by, days: int = 2, value=5, **values):
	return insert(
		"Voucher",
		funder=by.name,
		family=home.family,
		**{
			"person": home.children[0],
			"reference": build.unique("BON"),
			"measure": "Days",
			"days": days,
			"value": value,
			"valid_from": "2026-09-01",
			"valid_to": "2027-08-31",
			"kinds": [{"kind": "Leisure Centre, Wednesday"}],
			**values,
		},
	)


def attend(enrolment, count: int = 3, days=build.SEPTEMBER):
	return build.attend(enrolment, days[:count])


def charges(**filters) -> list:
	return frappe.get_all(
		"Charge",
		filters=filters,
		fields=[
			"payer",
			"amount",
			"funding",
			"voucher",
			"is_adjustment",
			"invoice",
			"statement",
			"service_date",
		],
		order_by="service_date, amount",
	)


def total_of(run, payer: str) -> float:
	return frappe.db.get_value("Invoice", {"billing_run": run.name, "payer": payer}, "total")


def month(text: str = "2026-09-01"):
	return getdate(text)
