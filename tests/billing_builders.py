"""Builders of the billing tests: a canteen and a garderie with the prices of R26, attendance, runs.

Attendance is inserted straight into its table: here it is a fact, how it comes about is tested elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import frappe

from concerto_education.authority.money import decimal_of
from concerto_education.billing import run as runs
from tests import builders
from tests.builders import insert

# School days of two months in zone A (2026–2027); what matters here is that there are enough of them.
SEPTEMBER = [date(2026, 9, day) for day in (1, 3, 4, 7, 8, 10, 11, 14, 15, 17, 18, 21, 22, 24, 25, 28, 29)]
OCTOBER = [date(2026, 10, day) for day in (1, 2, 5, 6, 8, 9, 12, 13, 15, 16)]
CHILD, PACKED, STAFF, OTHERS = (
	"Enfant",
	"Enfant panier repas",
	"Personnel en fonctionnement sur site",
	"Autres",
)


def unique(name: str) -> str:
	"""A name that no other record has, also where something was committed before."""
	return f"{name} {frappe.generate_hash(length=6)}"


def category(name: str, audience: str = "Everybody") -> str:
	if not frappe.db.exists("Enrolment Category", name):
		insert("Enrolment Category", category_name=name, audience=audience)
	return name


def imputation(code: str) -> str:
	if not frappe.db.exists("Imputation", code):
		insert("Imputation", code=code, label=f"Imputation {code}")
	return code


def activity(
	name: str, kind: str, rule: str, categories: Iterable[str], code: str, units=(("midi", "Repas"),)
):
	"""An activity of its own at a school of its own, so that no other test shares a tariff with it."""
	school = insert("Site", site_name=unique("École"), kind="School")
	return insert(
		"Activity",
		activity_name=unique(name),
		kind=kind,
		billing_rule=rule,
		imputation=imputation(code),
		categories=[{"category": category(entry)} for entry in categories],
		units=[{"unit": unit, "label": label} for unit, label in units],
		sites=[{"site": school.name}],
	)


def tariff(of, price=None, bands=None, **values):
	"""A flat tariff, or one in bands given as (from, below, price)."""
	values = {"label": unique("Tarif"), "valid_from": "2026-09-01", **values}
	if bands is None:
		return insert("Tariff", activity=of.name, price=price, **{"method": "Flat", **values})
	rows = [{"quotient_from": low, "quotient_below": high, "price": amount} for low, high, amount in bands]
	return insert("Tariff", activity=of.name, method="QF Bands", bands=rows, **values)


def canteen():
	"""R26: 2.20 under a QF of 350, else 2.80; packed meal free; staff 2.80; others 5.00. Planned = billed."""
	found = activity(
		"Restauration", "Canteen", "Planned Unless Justified", (CHILD, PACKED, STAFF, OTHERS), "7067-TEST"
	)
	tariff(found, category=CHILD, bands=((0, 350, 2.2), (350, None, 2.8)))
	tariff(found, category=PACKED, price=0)
	tariff(found, category=STAFF, price=2.8)
	tariff(found, category=OTHERS, price=5)
	return found


def garderie():
	"""1.50 each time somebody is there."""
	units = (("matin", "Matin"), ("soir", "Soir"))
	found = activity("Garderie", "Périscolaire Care", "Present", (CHILD,), "7066-TEST", units)
	tariff(found, price=1.5)
	return found


def household(children: int = 1, qf=640):
	"""A family with children, one payer and a QF; ``qf=None`` for none."""
	parent = builders.person(first_name="Claire", civility="Mme")
	kids = [builders.child(parent.last_name, name) for name in ("Lea", "Tom", "Zoe")[:children]]
	family = builders.family(
		builders.member(parent, "Representative 1"), *(builders.member(kid) for kid in kids)
	)
	# A dossier gets the unknown QF by itself (R14); here the test says which one, or none.
	frappe.db.delete("Quotient", {"family": family.name})
	if qf is not None:
		builders.quotient(family, qf, valid_from="2026-09-01", valid_to="2027-08-31")
	payer = builders.payer(family)
	return SimpleNamespace(
		family=family.name,
		children=[kid.name for kid in kids],
		payer=payer.name,
		parent=parent.name,
		doc=family,
	)


def enrol(home, act, person=None, cat=CHILD, payers=None, **values):
	"""An enrolment for the school year; ``payers`` as (name, share) pairs."""
	rows = [{"payer": name, "share": share} for name, share in payers or ((home.payer, 100),)]
	doc = frappe.get_doc(
		{
			"doctype": "Enrolment",
			"family": home.family,
			"person": person or home.children[0],
			"activity": act.name,
			"site": act.sites[0].site,
			"category": cat,
			"valid_from": "2026-09-01",
			"valid_to": "2027-08-31",
			"status": "Confirmed",
			"payers": rows,
			**values,
		}
	)
	# Its rules and its forecast are tested in their own rooms: nothing of them is wanted here.
	doc.flags.ignore_validate = True
	doc.name = unique("INS")
	doc.db_insert()
	for child in doc.get_all_children():
		child.parent = doc.name
		child.db_insert()
	return doc


def attend(enrolment, days: Iterable[date], status: str = "Planned", unit: str | None = None) -> list[str]:
	"""Attendance on these days, in the first unit of the activity."""
	unit = unit or frappe.get_cached_doc("Activity", enrolment.activity).units[0].unit
	names = []
	for day in days:
		doc = frappe.get_doc(
			{
				"doctype": "Attendance",
				"enrolment": enrolment.name,
				"person": enrolment.person,
				"family": enrolment.family,
				"attendance_date": day,
				"activity": enrolment.activity,
				"site": enrolment.site,
				"unit": unit,
				"status": status,
				"planned": 1,
			}
		)
		doc.name = frappe.generate_hash(length=10)
		doc.db_insert()
		names.append(doc.name)
	return names


def change(attendance: str, status: str) -> None:
	frappe.db.set_value("Attendance", attendance, "status", status)


def new_run(month: str = "2026-09-01", **values):
	return insert("Billing Run", month=month, **values)


def compute(run=None, month: str = "2026-09-01"):
	"""Start a run and do its work here and now. Returns the run as it stands then."""
	run = run or new_run(month)
	runs.start(run.name)
	runs.compute(run.name)
	return frappe.get_doc("Billing Run", run.name)


def issue(run):
	runs.issue(run.name)
	runs.issue_drafts(run.name)
	return frappe.get_doc("Billing Run", run.name)


def bill(month: str = "2026-09-01"):
	return issue(compute(month=month))


def invoices(run, **filters) -> list:
	"""The invoices of a run, with their lines, in the order of payers."""
	names = frappe.get_all(
		"Invoice", filters={"billing_run": run.name, **filters}, pluck="name", order_by="payer asc"
	)
	return [frappe.get_doc("Invoice", name) for name in names]


def invoice_of(run, payer: str):
	found = invoices(run, payer=payer)
	assert len(found) == 1, f"{len(found)} invoices, problems: {[row.message for row in run.problems]}"
	return found[0]


def amounts(invoice) -> list[Decimal]:
	return [decimal_of(line.amount) for line in invoice.lines]


def total(invoice) -> Decimal:
	return decimal_of(invoice.total)


def ledger(family: str) -> list[tuple[str, Decimal]]:
	"""Entries of the ledger of a family: (date, amount), in order."""
	rows = frappe.get_all(
		"Charge",
		filters={"family": family},
		fields=["service_date", "amount"],
		order_by="service_date asc, creation asc, amount asc",
	)
	return [(str(row.service_date), decimal_of(row.amount)) for row in rows]


def second_payer(home) -> str:
	"""The other parent, who pays too."""
	father = builders.person(first_name="Marc", civility="M.")
	home.doc.append("members", builders.member(father, "Representative 2"))
	home.doc.save()
	return builders.payer(home.doc, father).name
