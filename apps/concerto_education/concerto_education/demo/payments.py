"""Money that came in for September: most invoices are paid, and every odd case is there once (R42).

A bounced cheque, a part, an overpayment that is paid back, a dispute, instalments, and reminders at each level. The days
follow from the due date, 14 November; what would lie in the future is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import frappe
from frappe.model.naming import getseries
from frappe.utils import getdate, now

from concerto_education.authority.bulk import insert_rows
from concerto_education.authority.money import decimal_of
from concerto_education.billing.payments import allocation, disputes, receive, refunds
from concerto_education.billing.payments.reminders import prepare, send
from concerto_education.demo import world
from concerto_education.engine.ageing import Step
from concerto_education.engine.money import money

PAID = 0.86  # of the invoices, by the due date
CHEQUE, CASH, CARD, TRANSFER, DEBIT, ONLINE = (
	"Chèque",
	"Espèces",
	"Carte bancaire",
	"Virement",
	"Prélèvement",
	"Paiement en ligne",
)
METHODS = {
	"Direct Debit": DEBIT,
	"Online": ONLINE,
	"Bank Transfer": TRANSFER,
	"Cheque": CHEQUE,
	"Cash": CASH,
}
BANKS = ("Banque Verte", "Caisse du Val", "Crédit des Deux Rives")
DEBIT_DAY = date(2026, 11, 10)
FIRST, LAST = date(2026, 10, 19), date(2026, 11, 13)
# The letters of the demo follow each other within days, so that each level is there in November.
LEVELS = (Step(1, 1), Step(2, 3), Step(3, 3))
REMINDED = (date(2026, 11, 16), date(2026, 11, 20), date(2026, 11, 24))
COLUMNS = (
	"name",
	"creation",
	"modified",
	"owner",
	"modified_by",
	"payer",
	"title",
	"family",
	"payment_date",
	"amount",
	"unallocated",
	"payment_method",
	"reference",
	"bank",
	"status",
	"received_by",
	"received_at",
	"entry_id",
)


@dataclass(frozen=True)
class Open:
	invoice: str
	payer: str
	title: str
	family: str
	outstanding: Decimal
	method: str | None


def make(seed: int, today: date) -> str:
	"""Payments of September, and what went wrong with some. Returns what is said of it."""
	if today < FIRST or not (waiting := _open()):
		return ""
	random = Random(f"payments-{seed}")
	odd, others = waiting[:8], waiting[8:]
	paid = [row for row in others if random.random() < PAID]
	_pay(paid, random, today)
	for tell, row in zip(_ODD, odd, strict=False):
		tell(row, today)
	runs = _remind(today)
	return f"{len(paid)} payments, {runs} runs of reminders"


def _open() -> list[Open]:
	"""Invoices of the billed month that are due, in the order of their numbers."""
	Invoice, Payer = frappe.qb.DocType("Invoice"), frappe.qb.DocType("Payer")
	rows = (
		frappe.qb.from_(Invoice)
		.join(Payer)
		.on(Payer.name == Invoice.payer)
		.select(
			Invoice.name,
			Invoice.payer,
			Invoice.title,
			Invoice.family,
			Invoice.outstanding,
			Payer.payment_method,
		)
		.where((Invoice.month == world.BILLED_MONTH) & (Invoice.outstanding > 30) & (Payer.is_funder == 0))
		.orderby(Invoice.number)
	).run()
	return [
		Open(name, payer, title, family, money(decimal_of(left)), method)
		for name, payer, title, family, left, method in rows
	]


def _pay(rows: list[Open], random: Random, today: date) -> None:
	"""In bulk, as twenty thousand families would pay: the same rows as the form writes, then one allocation."""
	insert_rows("Payment", COLUMNS, [_row(row, random, today) for row in rows])
	allocation.apply_credits([row.payer for row in rows])


def _row(row: Open, random: Random, today: date) -> tuple:
	method = METHODS.get(row.method or "") or random.choice((CHEQUE, CHEQUE, CASH, CARD, TRANSFER))
	days = (LAST - FIRST).days
	day = DEBIT_DAY if method == DEBIT else FIRST + timedelta(random.randrange(days))
	reference = bank = None
	if method == CHEQUE:
		reference, bank = f"{random.randrange(10**6, 10**7)}", random.choice(BANKS)
	elif method in (DEBIT, ONLINE, TRANSFER):
		reference = f"{random.randrange(10**9, 10**10)}"
	moment, user = now(), frappe.session.user
	name = f"REG-{world.BILLED_MONTH.year}-{getseries(f'REG-{world.BILLED_MONTH.year}-', 6)}"
	return (
		name,
		*(moment, moment, user, user),
		row.payer,
		row.title,
		row.family,
		min(day, today),
		row.outstanding,
		row.outstanding,
		method,
		reference,
		bank,
		"Received",
		user,
		moment,
		frappe.generate_hash(length=16),
	)


# ---------------------------------------------------------------- odd cases, each once


def _bounced(row: Open, today: date) -> None:
	cheque = _record(
		row, row.outstanding, date(2026, 11, 3), CHEQUE, today, reference="4471902", bank=BANKS[0]
	)
	if today >= date(2026, 11, 12):
		receive.cancel(cheque.name, "Chèque impayé : provision insuffisante", date(2026, 11, 12))


def _part(row: Open, today: date) -> None:
	_record(
		row, money(row.outstanding / 2), date(2026, 11, 5), CASH, today, note="Réglera le solde fin de mois"
	)


def _too_much(row: Open, today: date) -> None:
	_record(row, row.outstanding + 25, date(2026, 11, 4), TRANSFER, today)


def _paid_back(row: Open, today: date) -> None:
	_record(row, row.outstanding + 40, date(2026, 11, 4), TRANSFER, today)
	if today >= date(2026, 11, 18):
		refunds.record(row.payer, Decimal(40), date(2026, 11, 18), TRANSFER, "Réglé deux fois par erreur")


def _disputed(row: Open, today: date) -> None:
	disputes.open(row.invoice, "La famille conteste deux jours de garderie, vérification avec le site")


def _instalments(row: Open, today: date) -> None:
	first = money(row.outstanding / 2)
	frappe.get_doc(
		{
			"doctype": "Instalment Plan",
			"payer": row.payer,
			"agreed_on": min(today, date(2026, 11, 9)),
			"invoices": [{"invoice": row.invoice}],
			"instalments": [
				{"due_date": date(2026, 12, 5), "amount": first},
				{"due_date": date(2027, 1, 5), "amount": row.outstanding - first},
			],
			"note": "Convenu au guichet, perte d'emploi",
		}
	).insert()


def _holiday_vouchers(row: Open, today: date) -> None:
	_record(row, min(row.outstanding, Decimal(30)), date(2026, 11, 6), "Chèques-Vacances (ANCV)", today)


def _cesu(row: Open, today: date) -> None:
	_record(row, row.outstanding, date(2026, 11, 6), "CESU", today, reference="CESU 2026")


_ODD = (_bounced, _part, _too_much, _paid_back, _disputed, _instalments, _holiday_vouchers, _cesu)


def _record(row: Open, amount: Decimal, day: date, method: str, today: date, **details):
	return receive.record(row.payer, amount, min(day, today), method, twice=True, **details)


# ---------------------------------------------------------------- reminders


def _remind(today: date) -> int:
	"""One run for each level: two are sent, families pay after each, the third waits for finance."""
	made = 0
	for place, day in enumerate(REMINDED):
		if day > getdate(today) or not (run := prepare.prepare(day, LEVELS)):
			break
		made += 1
		if place == len(REMINDED) - 1:
			break
		send.confirm(run)
		send.send_all(run, checkpoint=_nothing, day=day)
		for reminded in _reminded(run):
			_record_after(reminded, day + timedelta(2), today)
	return made


def _reminded(run: str) -> Iterator[frappe._dict]:
	"""Every other family pays after a letter."""
	# Letters that were written a moment ago.
	rows = frappe.get_all(
		"Reminder",
		filters={"reminder_run": run, "status": "Sent"},
		fields=["payer", "amount"],
		order_by="title asc, name asc",
	)
	yield from rows[::2]


def _record_after(row: frappe._dict, day: date, today: date) -> None:
	receive.record(row.payer, decimal_of(row.amount), min(day, today), CASH, twice=True)


def _nothing() -> None:
	"""The load says itself when what it did stays."""
