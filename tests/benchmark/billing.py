"""A month of billing, measured: the plain way and ours in one run (issue 6).

Canteen by QF 2.20/2.80, 16 days a child; garderie flat 1.50, 12 days a child. 10,000 families are 16,500 children
and 462,000 attendances. Each size is billed in a process of its own (``billing_worker.py``), so that its peak of memory
is its own; ``FAMILIES=500,2000 make bench`` takes other sizes. What it writes it takes away again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import frappe

from concerto_education.authority.bulk import insert_rows
from tests import billing_builders as b

CANTEEN_DAYS, GARDERIE_DAYS = 16, 12
SAMPLE = 100
PREFIX = "BENCH-"
SIZES = "2000,10000"
WORKER = Path(__file__).with_name("billing_worker.py")
MARKED = (
	"Attendance",
	"Enrolment",
	"Enrolment Payer",
	"Quotient",
	"Payer",
	"Person",
	"Family",
	"Family Member",
)


def sizes() -> list[int]:
	return [int(size) for size in os.environ.get("FAMILIES", SIZES).split(",")]


def measure(families: int) -> dict:
	"""Make the data, bill them in another process, print what it took, and clean up."""
	figures: dict = {"families": families}
	own = _make(families, figures)
	try:
		figures |= _bill_elsewhere(own["run"])
		figures["plain_lines"], figures["plain_all"] = _plain_rates(own["run"])
	finally:
		_clean(own)
	_report(figures)
	return figures


def _bill_elsewhere(run: str) -> dict:
	"""What the process that did the work says of itself."""
	arguments = [sys.executable, str(WORKER), frappe.local.site, run]
	done = subprocess.run(arguments, check=True, stdout=subprocess.PIPE, text=True)
	frappe.db.rollback()  # a fresh view
	return json.loads(done.stdout.splitlines()[-1])


# ---------------------------------------------------------------- the data


def _children_of(family: int) -> int:
	return 2 if family % 20 < 13 else 1  # 13 of 20 have two: 1.65


def _make(families: int, figures: dict) -> dict:
	with _stage("making the data", figures):
		canteen, garderie = b.canteen(), b.garderie()
		run = b.new_run(issue_date="2026-10-15").name
		days = [date(2026, 9, 1) + timedelta(n) for n in range(30)]
		school = [day for day in days if day.isoweekday() in (1, 2, 4, 5)]
		rows: dict[str, list[tuple]] = {doctype: [] for doctype in MARKED}
		number = 0
		for index in range(families):
			family = f"{PREFIX}F{index:06d}"
			payer, parent = f"{PREFIX}PA{index:06d}", f"{PREFIX}P{index:06d}"
			rows["Family"].append(
				(family, f"FAMILLE {index}", "Active", "3 rue des Lilas", "86000", "Poitiers")
			)
			rows["Person"].append((parent, "FAMILLE", "Claire", f"FAMILLE Claire {index}"))
			rows["Payer"].append((payer, family, "Person", parent, f"Madame FAMILLE Claire {index}", 1))
			qf = 200 + index % 1000
			rows["Quotient"].append(
				(f"{PREFIX}Q{index:06d}", family, qf, "CDAP (CAF)", "2026-09-01", "2027-08-31", "2026-09-01")
			)
			for _child in range(_children_of(index)):
				child = f"{PREFIX}C{number:06d}"
				rows["Person"].append((child, "FAMILLE", "Lea", f"FAMILLE Lea {number}"))
				for mark, activity, unit, count in (
					("M", canteen, "midi", CANTEEN_DAYS),
					("G", garderie, "soir", GARDERIE_DAYS),
				):
					name, site = f"{PREFIX}{mark}{number:06d}", activity.sites[0].site
					rows["Enrolment"].append(
						(
							name,
							family,
							child,
							activity.name,
							site,
							b.CHILD,
							"2026-09-01",
							"2027-08-31",
							"Confirmed",
						)
					)
					rows["Enrolment Payer"].append((name, name, "Enrolment", "payers", 1, payer, 100))
					for day in school[:count]:
						rows["Attendance"].append(
							(
								f"{name}-{day:%d}",
								name,
								child,
								family,
								day,
								activity.name,
								site,
								unit,
								"Present",
								1,
							)
						)
				number += 1
		for doctype, columns in {
			"Family": ("name", "family_name", "status", "address_line1", "postcode", "town"),
			"Person": ("name", "last_name", "first_name", "full_name"),
			"Payer": ("name", "family", "payer_kind", "person", "recipient", "active"),
			"Quotient": ("name", "family", "value", "source", "valid_from", "valid_to", "recorded_at"),
			"Enrolment": (
				[
					"name",
					"family",
					"person",
					"activity",
					"site",
					"category",
					"valid_from",
					"valid_to",
					"status",
				]
			),
			"Enrolment Payer": ["name", "parent", "parenttype", "parentfield", "idx", "payer", "share"],
			"Attendance": (
				[
					"name",
					"enrolment",
					"person",
					"family",
					"attendance_date",
					"activity",
					"site",
					"unit",
					"status",
					"planned",
				]
			),
		}.items():
			insert_rows(doctype, columns, rows[doctype])
		frappe.db.commit()
	figures["children"], figures["attendances"] = number, len(rows["Attendance"])
	return {"run": run, "activities": (canteen, garderie)}


def _clean(own: dict) -> None:
	"""Straight from the tables: forms refuse to delete invoices, and rightly so."""
	frappe.db.rollback()
	for invoice_side in ("Charge", "Invoice"):
		if invoice_side == "Invoice":
			names = frappe.get_all("Invoice", filters={"billing_run": own["run"]}, pluck="name")
			for start in range(0, len(names), 1000):
				frappe.db.delete("Invoice Line", {"parent": ("in", names[start : start + 1000])})
		frappe.db.delete(invoice_side, {"billing_run": own["run"]})
	for doctype in MARKED:
		frappe.db.delete(doctype, {"name": ("like", f"{PREFIX}%")})
	frappe.db.delete("Billing Run", {"name": own["run"]})
	for activity in own["activities"]:
		frappe.db.delete(
			"Tariff Band",
			{"parent": ("in", frappe.get_all("Tariff", {"activity": activity.name}, pluck="name"))},
		)
		frappe.db.delete("Tariff", {"activity": activity.name})
		for child in ("Activity Unit", "Activity Site", "Activity Category"):
			frappe.db.delete(child, {"parent": activity.name})
		frappe.db.delete("Activity", {"name": activity.name})
		frappe.db.delete("Site", {"name": activity.sites[0].site})
	frappe.db.commit()


# ---------------------------------------------------------------- measuring


def _plain_rates(run: str) -> tuple[float, float]:
	"""Invoices a second by `insert()`: with their lines only, and with the charges behind them as well.

	The second one writes the same rows as a run does; neither prices anything.
	"""
	names = frappe.get_all("Invoice", filters={"billing_run": run}, pluck="name", limit=SAMPLE)
	with_lines = _inserted_per_second([[_copy("Invoice", name)] for name in names])
	with_charges = _inserted_per_second(
		[
			[_copy("Invoice", name)]
			+ [
				_copy("Charge", charge)
				for charge in frappe.get_all("Charge", {"invoice": name}, pluck="name")
			]
			for name in names[: SAMPLE // 10]
		]
	)
	return with_lines, with_charges


def _copy(doctype: str, name: str):
	doc = frappe.copy_doc(frappe.get_doc(doctype, name))
	# The forms refuse to be saved by hand: here it is what is measured.
	doc.flags.ignore_validate = doc.flags.ignore_links = doc.flags.ignore_permissions = True
	doc.update({"billing_run": None, "number": None, "reverses": None, "docstatus": 0})
	return doc


def _inserted_per_second(groups: list[list]) -> float:
	started = time.perf_counter()
	for docs in groups:
		for doc in docs:
			doc.insert()
	seconds = time.perf_counter() - started
	frappe.db.rollback()
	return len(groups) / seconds


@contextmanager
def _stage(name: str, figures: dict) -> Iterator[None]:
	started = time.perf_counter()
	yield
	figures[name] = time.perf_counter() - started


def _report(f: dict) -> None:
	ours = f["invoices"] / f["pricing and invoices"]
	chunks = f["queries_of_full_chunks"]
	print(f"\n{f['families']:,} families, {f['children']:,} children, {f['attendances']:,} attendances")
	for stage in ("making the data", "pricing and invoices", *f["stages"], "issue"):
		of_it = stage in f["stages"]
		seconds = f["stages"][stage] if of_it else f[stage]
		print(f"  {('  of which ' if of_it else '') + stage:<36}{seconds:8.1f} s")
	print(f"  {f['invoices']:,} invoices, {f['charges']:,} charges")
	print(f"  queries of a full chunk of families: {min(chunks)} to {max(chunks)}, {f['queries']:,} in all")
	print(f"  memory: {f['before_mb']:.0f} MB before, {f['peak_mb']:.0f} MB at most")
	rows_only = f["invoices"] / f["invoices_and_lines"]
	print("  invoices with their lines only, written and not priced:")
	print(f"    insert(): {f['plain_lines']:.0f}/s, ours: {rows_only:.0f}/s", end="")
	print(f", {rows_only / f['plain_lines']:.0f} times as many")
	print(f"  invoices with their lines and {f['charges'] // f['invoices']} charges of the ledger each:")
	print(
		f"    insert(), not priced: {f['plain_all']:.1f}/s, ours, facts read and priced: {ours:.0f}/s", end=""
	)
	print(f", {ours / f['plain_all']:.0f} times as many\n")


def compare(all_figures: list[dict]) -> None:
	"""Whether memory depends on the number of families."""
	for f in all_figures:
		print(f"  {f['families']:>7,} families: {f['peak_mb']:6.0f} MB at most")
	print()
