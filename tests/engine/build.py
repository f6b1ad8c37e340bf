"""Short builders: each test makes its own data, and says only what matters to it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from concerto_education.engine.charges import (
	ActivityTerms,
	AttendanceStatus,
	BillingRule,
	Context,
	Fact,
	PayerShare,
	Recorded,
)
from concerto_education.engine.pricing import Situation
from concerto_education.engine.quotient import Quotient, QuotientHistory
from concerto_education.engine.ranges import DateMap, DateRange
from concerto_education.engine.tariffs import Band, Method, Tariff, TariffBook

D = Decimal
DAY = date(2026, 9, 3)
ALWAYS = DateRange(date(2020, 1, 1))
SEPTEMBER = DateRange.month(2026, 9)


def day(text: str) -> date:
	return date.fromisoformat(text)


def span(start: str, end: str | None = None) -> DateRange:
	return DateRange(day(start), day(end) if end else None)


def bands(*rows) -> tuple[Band, ...]:
	"""``bands((0, 350, "2.20"), (350, None, "2.80"))``"""
	return tuple(Band(D(low), None if high is None else D(high), D(cost)) for low, high, cost in rows)


R26_BANDS = bands((0, 350, "2.20"), (350, None, "2.80"))


def tariff(**values) -> Tariff:
	values = {"id": "T", "label": "Tarif", "activity": "canteen", "span": ALWAYS, **values}
	if "price" not in values and values.get("method", Method.FLAT) is Method.FLAT:
		values["price"] = D("1.50")
	return Tariff(**values)


def canteen(**values) -> Tariff:
	"""The child tariff of R26."""
	values = {"id": "C", "label": "Restauration enfant", "bands": R26_BANDS, **values}
	return tariff(method=Method.QF_BANDS, **values)


def qf(value, spans: DateRange = ALWAYS, recorded: int = 1, id: str | None = None) -> Quotient:
	return Quotient(id or f"QF-{value}-{recorded}", D(value), spans, recorded)


def history(*records: Quotient) -> QuotientHistory:
	return QuotientHistory(records)


def situation(value=None, **values) -> Situation:
	return Situation(**{"day": DAY, "quotient": None if value is None else qf(value), **values})


def fact(key="a1", on: date | str = DAY, status=AttendanceStatus.PLANNED, **values) -> Fact:
	on = day(on) if isinstance(on, str) else on
	return Fact(
		**{
			"key": key,
			"enrolment": "E1",
			"person": "LEO",
			"family": "F1",
			"activity": "canteen",
			"site": "S1",
			"category": "child",
			"unit": "meal",
			"day": on,
			"status": AttendanceStatus(status),
			**values,
		}
	)


def paid_by(*shares, spans: DateRange = ALWAYS) -> DateMap:
	"""``paid_by("P1")`` or ``paid_by(("P1", 50), ("P2", 50))``"""
	pairs = [share if isinstance(share, tuple) else (share, 1) for share in shares]
	return DateMap([(spans, tuple(PayerShare(payer, D(weight)) for payer, weight in pairs))])


def context(*tariffs: Tariff, **values) -> Context:
	return Context(
		**{
			"tariffs": TariffBook(tariffs or (canteen(),)),
			"quotients": {"F1": history(qf(512))},
			"payers": {"E1": paid_by("P1")},
			"activities": {
				"canteen": ActivityTerms(BillingRule.PLANNED_UNLESS_JUSTIFIED, "7067-281"),
				"garderie": ActivityTerms(BillingRule.PRESENT, "7067-288"),
			},
			**values,
		}
	)


class Ledger:
	"""A ledger in memory that applies plans as the billing run does."""

	def __init__(self) -> None:
		self.rows: list[Recorded] = []
		self._next = 1

	def apply(self, plan) -> None:
		dropped = {row.id for row in plan.drop}
		self.rows = [row for row in self.rows if row.id not in dropped]
		for line in plan.add:
			self._write(line.key, line.day, line.quantity, line.unit_price, line.amount, line.imputation)
		for reversal in plan.reverse:
			row = reversal.recorded
			self._write(row.key, row.day, -row.quantity, row.unit_price, -row.amount, row.imputation, row.id)

	def _write(self, key, on, quantity, unit_price, amount, imputation, reversal_of=None) -> None:
		self.rows.append(
			Recorded(
				self._next, key, on, quantity, unit_price, amount, imputation, False, reversal_of=reversal_of
			)
		)
		self._next += 1

	def issue(self) -> None:
		"""All drafts become invoices."""
		from dataclasses import replace

		self.rows = [replace(row, invoiced=True) for row in self.rows]

	def total(self) -> Decimal:
		return sum((row.amount for row in self.rows), D("0.00"))

	def by_payer(self) -> dict[str, Decimal]:
		totals: dict[str, Decimal] = {}
		for row in self.rows:
			totals[row.key[1]] = totals.get(row.key[1], D("0.00")) + row.amount
		return totals


def school_calendar(**values):
	"""School years 2026–2027 and 2027–2028 as zone A has the first of them; the caller may add closures."""
	from concerto_education.engine.calendar import HolidayKind, HolidayPeriod, SchoolCalendar

	small = [
		("Toussaint", "2026-10-17", "2026-11-01"),
		("Noël", "2026-12-19", "2027-01-03"),
		("Hiver", "2027-02-13", "2027-02-28"),
		("Printemps", "2027-04-10", "2027-04-25"),
		("Noël", "2027-12-18", "2028-01-02"),
	]
	holidays = [(span(start, end), HolidayPeriod(label)) for label, start, end in small]
	for year in (2027, 2028):
		summer = span(f"{year}-07-03", f"{year}-08-31")
		holidays.append((summer, HolidayPeriod("Été", HolidayKind.SUMMER)))
	public = {day("2026-11-11"): "Armistice", day("2026-12-25"): "Noël", day("2027-05-06"): "Ascension"}
	return SchoolCalendar(
		**{
			"years": [span("2026-09-01", "2028-08-31")],
			"holidays": DateMap(holidays),
			"public_holidays": public,
			**values,
		}
	)
