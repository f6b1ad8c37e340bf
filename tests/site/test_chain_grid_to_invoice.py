"""The chain of a month, through the doors that people use: pattern, grid, ticks and absences, close, invoice (R4, R5).

One child, one canteen, September 2026; what it costs was worked out by hand:

| what happens                                             | days                          | each | euros |
|----------------------------------------------------------|-------------------------------|------|-------|
| Mondays, Tuesdays and Thursdays by the pattern           | 13, from the 1st to the 29th  |      |       |
| one is cancelled in time                                 | 28: not billed                |      |       |
| one is justified by a medical certificate                | 21: not billed                |      |       |
| planned and there                                        | 9                             | 2.80 | 25.20 |
| absent without excuse                                    | 14                            | 2.80 |  2.80 |
| cancelled after the cut-off                              | 17: stays billed              | 2.80 |  2.80 |
| a Friday booked in time                                  | 25                            | 2.80 |  2.80 |
| a Friday booked after the cut-off                        | 18: the price not booked      | 4.50 |  4.50 |
|                                                          |                               |      | 38.10 |
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.attendance import api as sheet
from concerto_education.attendance import grid_api as grid
from concerto_education.attendance.absences import api as absences
from concerto_education.attendance.closing import close
from concerto_education.authority import roles
from concerto_education.authority.money import decimal_of
from tests import billing_builders as build
from tests import builders as make

D = Decimal
SEPTEMBER = "2026-09-01"
MEDICAL = "Certificat médical"
THERE = (1, 3, 7, 8, 10, 15, 22, 24, 29)


@pytest.fixture(autouse=True)
def _one_transaction(one_billing_transaction, monkeypatch):
	"""Runs, and what the grid saves, stay in the transaction of the test."""
	monkeypatch.setattr(grid, "in_fresh_transaction", lambda work: work())


@pytest.fixture
def child():
	"""Enrolled in a canteen that closes its bookings two days before at ten, with its QF of 640."""
	canteen = make.activity(
		billing_rule="Planned Unless Justified",
		booking_rule="Days Before",
		booking_days=2,
		booking_time="10:00",
		late_booking="Price of a Presence Not Booked",
		cancelling_rule="Days Before",
		cancelling_days=2,
		cancelling_time="10:00",
		late_cancelling="Stays Billed",
	)
	make.tariff(canteen, bands=((0, 350, "2.20"), (350, 0, "2.80")))
	make.tariff(canteen, "4.50", use="Presence Not Booked", label="Repas non réservé")
	family = make.family()
	frappe.db.delete("Quotient", {"family": family.name})
	make.quotient(family, 640)
	who = make.payer(family)
	with freeze_time("2026-08-25 09:00:00.5"):
		enrolment = make.enrolment(family, canteen, who, pattern="124", valid_to="2026-09-30")
	return frappe._dict(name=enrolment.name, site=enrolment.site, activity=canteen.name, payer=who.name)


def as_coordinator(child) -> None:
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR, sites=(child.site,)))


def change(child, day: int, wanted: str) -> dict:
	entry = {"enrolment": child.name, "day": f"2026-09-{day:02}", "unit": "midi", "wanted": wanted}
	(result,) = grid.save_changes(site=child.site, activity=child.activity, changes=[entry])["results"]
	assert not result["rule"], result
	return result


def rows(child) -> dict[int, frappe._dict]:
	found = frappe.get_all(
		"Attendance",
		filters={"enrolment": child.name},
		fields=["name", "attendance_date", "status", "late_change"],
	)
	return {row.attendance_date.day: row for row in found}


def test_R5_from_the_pattern_to_the_invoice(child):
	# The forecast follows the weekly pattern.
	assert sorted(rows(child)) == [1, 3, 7, 8, 10, 14, 15, 17, 21, 22, 24, 28, 29]

	# The month grid, on Wednesday the 16th at half past ten: the 17th and the 18th are past their cut-off.
	with freeze_time("2026-09-16 10:30:00.5"):
		as_coordinator(child)
		for day, wanted in ((28, "Cancelled"), (17, "Cancelled"), (25, "Planned"), (18, "Planned")):
			change(child, day, wanted)
	found = rows(child)
	assert {day: (found[day].status, found[day].late_change or "") for day in (28, 17, 25, 18)} == {
		28: ("Cancelled", ""),
		17: ("Cancelled", "Cancelled Late"),
		25: ("Planned", ""),
		18: ("Planned", "Booked Late"),
	}

	# The month is over: ticks on the day sheet, absences on their page, then the site confirms.
	with freeze_time("2026-10-02 09:00:00.5"):
		for day in THERE:
			assert sheet.tick(attendance=found[day].name, present=True)["status"] == "Present"
		for day in (25, 18):
			sheet.tick_remaining(
				site=child.site, activity=child.activity, unit="midi", day=date(2026, 9, day)
			)
		absences.decide(names=[found[14].name], status="Absent")
		(judged,) = absences.decide(names=[found[21].name], status="Justified", reason=MEDICAL)
		assert judged.get("problem") is None, judged
		assert {day: row.status for day, row in rows(child).items() if day in (14, 18, 21, 25)} == {
			14: "Absent",
			18: "Present",
			21: "Justified",
			25: "Present",
		}
		close.close(child.site, SEPTEMBER)

	# One run, one invoice, to the cent.
	frappe.set_user("Administrator")
	run = build.bill()
	invoice = build.invoice_of(run, child.payer)
	assert decimal_of(invoice.total) == D("38.10")
	lines = sorted(
		(decimal_of(row.quantity), decimal_of(row.unit_price), decimal_of(row.amount))
		for row in invoice.lines
	)
	assert lines == [(D(1), D("4.50"), D("4.50")), (D(12), D("2.80"), D("33.60"))]
	charges = frappe.get_all("Charge", filters={"enrolment": child.name}, fields=["service_date", "amount"])
	assert sum(decimal_of(row.amount) for row in charges) == D("38.10")
	billed = sorted(row.service_date.day for row in charges)
	assert billed == sorted([*THERE, 14, 17, 18, 25]), (
		"neither the 21st (certificate) nor the 28th (cancelled in time)"
	)

	# The next month's run finds nothing to correct.
	october = build.compute(month="2026-10-01")
	assert not build.invoices(october, payer=child.payer)
	assert frappe.db.count("Charge", {"enrolment": child.name}) == 13


def test_R34_an_absence_that_is_justified_after_the_invoice_is_a_regularisation(child):
	"""The certificate comes in October: the meal of the 14th is credited on the next invoice, with its month."""
	found = rows(child)
	with freeze_time("2026-10-02 09:00:00.5"):
		as_coordinator(child)
		for day in sorted(set(found) - {14}):
			sheet.tick(attendance=found[day].name, present=True)
		absences.decide(names=[found[14].name], status="Absent")
	frappe.set_user("Administrator")
	run = build.bill()
	assert decimal_of(build.invoice_of(run, child.payer).total) == D("36.40")  # 13 × 2.80
	with freeze_time("2026-10-20 09:00:00.5"):
		as_coordinator(child)
		absences.decide(names=[found[14].name], status="Justified", reason=MEDICAL)
	frappe.set_user("Administrator")
	build.compute(month="2026-10-01")
	(credit,) = frappe.get_all(
		"Charge",
		filters={"enrolment": child.name, "is_adjustment": 1},
		fields=["amount", "origin_month", "service_date"],
	)
	assert (decimal_of(credit.amount), str(credit.origin_month)) == (D("-2.80"), SEPTEMBER)
	assert credit.service_date.day == 14
