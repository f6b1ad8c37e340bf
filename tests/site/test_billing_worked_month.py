"""The worked month of `data/worked_month.md`, line by line, through real runs: made, issued, corrected (issue 6).

R2, R5, R14, R17–R19, R22, R26, R29, R30, R34–R36.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import frappe
import pytest

from concerto_education.billing import run as runs
from tests import billing_builders as b
from tests import builders
from tests import funding_builders as fund
from tests.billing_builders import OCTOBER, SEPTEMBER
from tests.builders import insert

pytestmark = pytest.mark.usefixtures("one_billing_transaction")
PAGE = Path(__file__).parent / "data" / "worked_month.md"
FREE = "Gratuité"
WEDNESDAYS = [date(2026, 9, day) for day in (2, 9, 16, 23, 30)]
MONDAYS = [date(2026, 9, day) for day in (7, 14, 21, 28)]
NOVEMBER = [date(2026, 11, day) for day in (3, 5, 6, 9, 10, 12, 13, 16, 17, 19)]
MONTHS = {"September": "2026-09-01", "October": "2026-10-01", "November": "2026-11-01"}
Line = tuple[str, Decimal, Decimal, Decimal]


# ---------------------------------------------------------------- the page


def page(section: str) -> dict[str, tuple[list[Line], str, Decimal]]:
	"""Of a section of the page, by payer: lines, outcome, total."""
	text = PAGE.read_text().split(f"\n## {section}\n")[1].split("\n## ")[0]
	lines: dict[str, list[Line]] = {}
	found = {}
	for row in (line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| ")):
		who, what, quantity, price, amount, _why = (cell.strip() for cell in row)
		if who == "payer":
			continue
		if who.startswith("**"):
			who = who.strip("*")
			found[who] = (sorted(lines.pop(who)), what.strip("*"), Decimal(amount.strip("*")))
		else:
			lines.setdefault(who, []).append((what, Decimal(quantity), Decimal(price), Decimal(amount)))
	assert not lines, f"no total on the page for {list(lines)}"
	return found


def small_print() -> set[tuple[str, str, str, str]]:
	text = PAGE.read_text().split("\n## What the lines say\n")[1]
	rows = (line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| "))
	return {tuple(cell.strip() for cell in row) for row in rows if row[0].strip() != "payer"}


# ---------------------------------------------------------------- the town


class Town:
	"""The households of the page, with their attendance of September."""

	def __init__(self):
		self.payers: dict[str, str] = {}  # payer → name on the page
		self.canteen = self._canteen()
		self.garderie = self._garderie()
		self.workshop = b.activity("Atelier", "TAP", "Present", (b.CHILD,), "7067-TEST")
		b.tariff(self.workshop, price=14.99, valid_to="2026-09-10")
		b.tariff(self.workshop, price=15, valid_from="2026-09-11")
		self.martin = self._martin()
		for who, quotient in (("Low", "349.99"), ("Exact", 350), ("Zero", 0), ("Unknown", 9999)):
			b.attend(self._child(who, qf=quotient), SEPTEMBER[:10], "Present")
		for who, category in (("Staff", b.STAFF), ("Trainee", FREE)):
			home = self._home(who)
			b.attend(b.enrol(home, self.canteen, home.parent, category), SEPTEMBER[:6], "Present")
		self._funded()
		self._nursery()
		self._custody()
		self._shares()
		self._placed()
		self.under = self._home("Under")
		self.under.enrolment = b.enrol(self.under, self.workshop)
		b.attend(self.under.enrolment, [date(2026, 9, 10)], "Present")
		b.attend(b.enrol(self._home("Just"), self.workshop), [date(2026, 9, 11)], "Present")
		self.without_quotient = b.household(qf=None)
		b.attend(b.enrol(self.without_quotient, self.canteen), SEPTEMBER[:3], "Present")

	# -------- activities

	def _canteen(self):
		found = b.activity(
			"Restauration",
			"Canteen",
			"Planned Unless Justified",
			(b.CHILD, b.PACKED, FREE, b.STAFF, b.OTHERS),
			"7067-TEST",
		)
		b.tariff(found, category=b.CHILD, bands=((0, 350, 2.2), (350, None, 2.8)))
		for category, price in ((b.PACKED, 0), (FREE, 0), (b.STAFF, 2.8), (b.OTHERS, 5)):
			b.tariff(found, category=category, price=price)
		return found

	def _garderie(self):
		found = b.activity(
			"Garderie", "Périscolaire Care", "Present", (b.CHILD,), "7066-TEST", (("soir", "Soir"),)
		)
		found.units[0].update({"starts_at": "16:30", "ends_at": "18:30"})
		found.save()
		b.tariff(found, price=0.6, method="Per Duration", slice_minutes=30)
		return found

	def _care(self, name: str):
		found = b.activity(
			name, "Nursery, Contract", "Hours", (b.CHILD,), "7066-TEST", (("heures", "Heures"),)
		)
		found.update({"clock_mode": 1, "clock_step": 30})
		found.save()
		insert(
			"Tariff",
			label=b.unique("PSU"),
			activity=found.name,
			valid_from="2026-01-01",
			method="Effort Rate",
		)
		return found

	# -------- households

	def _home(self, who: str, **values):
		home = b.household(**values)
		self.payers[home.payer] = who
		return home

	def _child(self, who: str, **values):
		return b.enrol(self._home(who, **values), self.canteen)

	def _martin(self):
		home = self._home("Martin", children=2, qf=640)
		lea, tom = home.children
		home.meals = b.enrol(home, self.canteen, lea)
		b.attend(home.meals, SEPTEMBER[:12], "Present")
		home.absence = b.attend(home.meals, SEPTEMBER[12:13], "Absent")[0]
		b.attend(home.meals, SEPTEMBER[13:14], "Justified")
		b.attend(home.meals, SEPTEMBER[14:15], "Cancelled")
		b.attend(b.enrol(home, self.canteen, tom, b.PACKED), SEPTEMBER[:4])
		b.attend(b.enrol(home, self.canteen, home.parent, b.OTHERS), SEPTEMBER[:1], "Present")
		evenings = b.enrol(home, self.garderie, tom)
		for day, departure in zip(SEPTEMBER, ("17:31", "17:00", "18:05"), strict=False):
			_evening(evenings, day, departure)
		b.attend(evenings, SEPTEMBER[3:5], "Planned")
		home.evenings = b.enrol(home, self.garderie, lea)
		return home

	def _funded(self):
		home = self._home("Funded")
		enrolment = b.enrol(home, fund.leisure(price=12))
		fund.funding(enrolment, fund.funder(), amount=8)
		b.attend(enrolment, WEDNESDAYS, "Present")

	def _nursery(self):
		home = self._home("Nursery", children=2)
		insert(
			"Family Resources",
			family=home.family,
			situation="Resources Known",
			yearly_resources=48000,
			children=2,
			source="CDAP (CAF)",
			valid_from="2026-01-01",
			valid_to="2026-12-31",
		)
		insert(
			"Nursery Contract",
			enrolment=b.enrol(home, self._care("Crèche"), home.children[0]).name,
			valid_from="2026-09-01",
			valid_to="2027-08-31",
			weeks=42,
			months=12,
			schedule=[
				{"weekday": day, "arrival": "9h", "departure": "17:30"}
				for day in ("Monday", "Tuesday", "Thursday", "Friday")
			],
		)
		occasional = b.enrol(home, self._care("Halte-garderie"), home.children[1])
		for day, status, values in zip(
			MONDAYS,
			("Present", "Present", "Absent", "Justified"),
			(
				{"arrival": "09:20", "departure": "11:30"},
				{"arrival": "09:00", "departure": "12:05"},
				{},
				{"reason": "Hospitalisation"},
			),
			strict=True,
		):
			row = b.attend(occasional, [day], status)[0]
			frappe.db.set_value("Attendance", row, {"booked_from": "09:00", "booked_to": "12:00", **values})

	def _custody(self):
		home = self._home("Mother")
		father = b.second_payer(home)
		self.payers[father] = "Father"
		calendar = insert(
			"Custody Calendar",
			family=home.family,
			person=home.children[0],
			first_payer=home.payer,
			second_payer=father,
			valid_from="2026-09-01",
			rule="Even Weeks",
		)
		both = ((home.payer, 100), (father, 100))
		enrolment = b.enrol(home, self.canteen, payers=both, custody_calendar=calendar.name)
		b.attend(enrolment, SEPTEMBER, "Present")

	def _shares(self):
		home = self._home("Two thirds")
		other = b.second_payer(home)
		self.payers[other] = "One third"
		enrolment = b.enrol(home, self.canteen, payers=((home.payer, 66.67), (other, 33.33)))
		b.attend(enrolment, SEPTEMBER[:10], "Present")

	def _placed(self):
		home = self._home("Parents")
		b.attend(b.enrol(home, self.canteen), SEPTEMBER, "Present")
		carer = builders.person("Accueil", "Rose", civility="Mme")
		row = builders.placement(home.doc, home.children[0], carer, valid_from="2026-09-15")
		self.payers[row.payer] = "Carer"

	# -------- what comes later

	def october(self) -> None:
		for day in OCTOBER:
			_evening(self.martin.evenings, day, "18:00")
		b.change(self.martin.absence, "Justified")
		b.attend(self.under.enrolment, OCTOBER[:1], "Present")

	def november(self) -> None:
		b.attend(self.martin.meals, NOVEMBER, "Present")


def _evening(enrolment, day: date, departure: str) -> None:
	row = b.attend(enrolment, [day], "Present")[0]
	frappe.db.set_value("Attendance", row, {"arrival": "16:30", "departure": departure})


# ---------------------------------------------------------------- reading the invoices


def billed(town: Town, run) -> dict[str, tuple[list[Line], str, Decimal]]:
	return {
		town.payers[invoice.payer]: (
			sorted(
				(
					_what(line),
					b.decimal_of(line.quantity),
					b.decimal_of(line.unit_price),
					b.decimal_of(line.amount),
				)
				for line in invoice.lines
			),
			invoice.outcome,
			b.total(invoice),
		)
		for invoice in b.invoices(run)
	}


def _what(line) -> str:
	"""The line's label, with the activity's name as on the page."""
	if line.kind != "Charge":
		return {"Carried Over": "carried over", "Credit Kept": "kept"}[line.kind]
	if line.funding:
		return "part of the Département"
	return line.label.replace(line.activity, line.activity.rpartition(" ")[0])


def month(section: str):
	run = b.new_run(month=MONTHS[section.split(",")[0]])
	b.compute(run)
	return b.issue(run)


@pytest.fixture
def town() -> Town:
	return Town()


def test_september_is_as_on_the_page(town: Town):
	run = month("September")
	expected = page("September")
	found = billed(town, run)
	for who in expected:
		assert found.get(who) == expected[who], who
	assert set(found) == set(expected)
	# The family without a QF is listed, the others are billed (R14).
	assert [row.family for row in run.problems] == [town.without_quotient.family]
	# The ledger says the same: with the Département's part.
	rows = frappe.get_all("Charge", {"billing_run": run.name}, ["amount", "invoice"])
	assert sum(b.decimal_of(row.amount) for row in rows) == Decimal("640.90")
	assert sum(b.decimal_of(row.amount) for row in rows if row.invoice) == Decimal("600.90")
	assert sum(total for _lines, _outcome, total in found.values()) == Decimal("600.90")
	numbered = [invoice for invoice in b.invoices(run) if invoice.number]
	assert {town.payers[i.payer] for i in numbered} == {
		w for w, row in expected.items() if row[1] == "To Send"
	}


@pytest.mark.parametrize("strict", [False, True], ids=["a credit offsets any line", "application stricte"])
def test_the_months_after_are_as_on_the_page(town: Town, strict):
	"""R34: a late AJ comes back by itself; R35: what was held comes along."""
	month("September")
	frappe.db.set_single_value("Authority Settings", "strict_credit", int(strict))
	town.october()
	names = ["October, application stricte", "November, application stricte"] if strict else ["October"]
	for section in names:
		if section.startswith("November"):
			town.november()
		run = month(section)
		found = billed(town, run)
		for who, expected in page(section).items():
			assert found.get(who) == expected, (section, who)
		# Nobody else gets a line: what was billed is not billed again. The contract of the nursery goes on.
		assert set(found) - set(page(section)) <= {"Nursery"}
	assert runs.compute(run.name) is None  # an issued run computes nothing any more
	ledger = frappe.get_all("Charge", {"family": town.martin.family}, pluck="amount")
	expected = Decimal("46.20") + Decimal("15.20") + (Decimal(28) if strict else 0)
	assert sum(b.decimal_of(amount) for amount in ledger) == expected


def test_the_lines_say_why_as_on_the_page(town: Town):
	september = month("September")
	town.october()
	frappe.db.set_single_value("Authority Settings", "strict_credit", 1)
	said = {
		(
			town.payers[invoice.payer],
			_what(line) + (", régularisation" if line.is_adjustment else ""),
			line.days or "",
			(line.explanation or "").replace("\xa0", " "),
		)
		for run in (september, month("October"))
		for invoice in b.invoices(run)
		for line in invoice.lines
	}
	assert small_print() - said == set()
	# What a family earns is no affair of whoever else reads the invoice (R36).
	assert not [row for row in said if "4 000" in row[3]]
