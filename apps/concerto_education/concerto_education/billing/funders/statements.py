"""The monthly statement of a funder, one line per prise en charge, and the batch of vouchers (R21, R29).

What a funder owes is written by billing runs, charge by charge, and is on no invoice of a family. A statement gathers
what is issued and not yet stated, up to a month; a régularisation of an earlier month is in its line. Claiming it
(``claims.py``) makes the invoice to the funder. Preparing may run any number of times.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import getdate

from concerto_education.authority import mail, roles
from concerto_education.authority.money import decimal_of
from concerto_education.billing.explain import month_text
from concerto_education.billing.funders import batches
from concerto_education.billing.funders.errors import StatementIsClaimed
from concerto_education.engine.money import ZERO, money

STATEMENT = "Funder Statement"
DRAFT, CLAIMED = "Draft", "Claimed"
FUNDINGS, VOUCHERS = "Fundings", "Vouchers"


def prepare(month: date) -> list[str]:
	"""Statements of all funders up to a month, new or brought up to date. Names of those that hold something."""
	made = []
	kinds = [FUNDINGS] + ([VOUCHERS] if batches.ends_in(month) else [])
	for kind in kinds:
		for funder in _funders_waiting(month, kind):
			name = _prepare_one(funder, month, kind)
			if name:
				made.append(name)
	return made


def _prepare_one(funder: str, month: date, kind: str) -> str | None:
	# The payer's row is the lock: of two who prepare at once, the second finds nothing left.
	frappe.db.get_value("Payer", {"organisation": funder, "is_funder": 1}, "name", for_update=True)
	name = frappe.db.get_value(STATEMENT, {"funder": funder, "kind": kind, "status": DRAFT})
	doc = frappe.get_doc(STATEMENT, name) if name else frappe.new_doc(STATEMENT)
	if not name:
		doc.update({"funder": funder, "kind": kind, "status": DRAFT})
	doc.month = max(getdate(doc.month), month) if doc.month else month
	doc.flags.by_rule = True
	# Made from the ledger; who may ask for it was checked at the door, or is the scheduler.
	doc.save(ignore_permissions=True)
	_gather(doc)
	return doc.name


def _gather(doc) -> None:
	"""Take in the charges that no statement holds, then sum them by line."""
	charges = _waiting_charges(getdate(doc.month), doc.kind, doc.funder)
	Charge = DocType("Charge")
	for start in range(0, len(charges), 1000):
		# Straight on the table: a charge is immutable, which statement holds it isn't part of it.
		(
			frappe.qb.update(Charge)
			.set(Charge.statement, doc.name)
			.where(Charge.name.isin(charges[start : start + 1000]))
		).run()
	write_lines(doc)


def write_lines(doc) -> None:
	doc.set("lines", [])
	for line in lines_of(doc.name):
		doc.append("lines", line)
	doc.total = sum((decimal_of(row.total) for row in doc.lines), ZERO)
	doc.flags.by_rule = True
	doc.save(ignore_permissions=True)  # as in `_prepare_one`


def _base(month: date, kind: str):
	"""Charges of funders by issued runs up to a month that no statement holds."""
	Charge, Payer, Run = DocType("Charge"), DocType("Payer"), DocType("Billing Run")
	source = Charge.voucher if kind == VOUCHERS else Charge.funding
	return (
		(
			frappe.qb.from_(Charge)
			.join(Payer)
			.on((Payer.name == Charge.payer) & (Payer.is_funder == 1))
			.left_join(Run)
			.on(Run.name == Charge.billing_run)
			# By an issued run, or by a credit note that took a day back (R34).
			.where((Run.status == "Issued") | (Charge.correction != ""))
			.where(source.isnotnull() & (source != ""))
			.where(Charge.statement.isnull() & Charge.invoice.isnull())
			.where(Charge.billing_month <= month)
		),
		Charge,
		Payer,
	)


def _funders_waiting(month: date, kind: str) -> list[str]:
	query, _charge, payer = _base(month, kind)
	return sorted(query.select(payer.organisation).distinct().run(pluck=True))


def _waiting_charges(month: date, kind: str, funder: str) -> list[str]:
	query, charge, payer = _base(month, kind)
	return query.select(charge.name).where(payer.organisation == funder).run(pluck=True)


def charges_of(statement: str, *, for_update: bool = False) -> list[frappe._dict]:
	Charge = DocType("Charge")
	query = (
		frappe.qb.from_(Charge)
		.select(
			Charge.name,
			Charge.funding,
			Charge.voucher,
			Charge.person,
			Charge.family,
			Charge.site,
			Charge.activity,
			Charge.imputation,
			Charge.service_date,
			Charge.amount,
			Charge.is_adjustment,
		)
		.where(Charge.statement == statement)
		.orderby(Charge.service_date, Charge.name)
	)
	return (query.for_update() if for_update else query).run(as_dict=True)


def lines_of(statement: str) -> list[dict]:
	"""One line per prise en charge or voucher and place, in the order of sites and names."""
	groups: dict[tuple, dict] = {}
	for row in charges_of(statement):
		key = (row.funding, row.voucher, row.person, row.site, row.activity, row.imputation)
		line = groups.setdefault(
			key,
			{
				"funding": row.funding,
				"voucher": row.voucher,
				"person": row.person,
				"family": row.family,
				"site": row.site,
				"activity": row.activity,
				"imputation": row.imputation,
				"amount": ZERO,
				"adjustments": ZERO,
				"by_day": {},
			},
		)
		amount = money(decimal_of(row.amount))
		line["adjustments" if row.is_adjustment else "amount"] += amount
		line["by_day"][row.service_date] = line["by_day"].get(row.service_date, ZERO) + amount
	names, references = _titles(groups.values())
	for line in groups.values():
		line["days"] = sum(1 for amount in line.pop("by_day").values() if amount > 0)
		line["total"] = line["amount"] + line["adjustments"]
		line["reference"] = references.get(line["funding"] or line["voucher"]) or ""
	return sorted(
		groups.values(),
		key=lambda line: (line["site"] or "", names.get(line["person"], ""), line["activity"]),
	)


def _titles(lines) -> tuple[dict, dict]:
	lines = list(lines)
	persons = {line["person"] for line in lines}
	# Names on a document whose reader is checked.
	names = dict(
		frappe.get_all(
			"Person",
			filters={"name": ("in", list(persons) or [""])},
			fields=["name", "full_name"],
			as_list=True,
		)
	)
	references = {}
	for doctype, field in (("Funding", "funding"), ("Voucher", "voucher")):
		found = [line[field] for line in lines if line[field]]
		if found:
			references |= dict(
				frappe.get_all(  # as above
					doctype, filters={"name": ("in", found)}, fields=["name", "reference"], as_list=True
				)
			)
	return names, references


def release(doc) -> None:
	"""A draft that is deleted gives its charges back; what was claimed stays."""
	if doc.status != DRAFT:
		frappe.throw(
			_("Statement {0} was claimed by {1}: it stays").format(doc.name, doc.invoice), StatementIsClaimed
		)
	Charge = DocType("Charge")
	frappe.qb.update(Charge).set(Charge.statement, None).where(Charge.statement == doc.name).run()


# ---------------------------------------------------------------- by itself, and by a button


def last_issued_month() -> date | None:
	Run = DocType("Billing Run")
	months: Sequence = (
		frappe.qb.from_(Run)
		.select(Run.month)
		.where(Run.status == "Issued")
		.orderby(Run.month, order=frappe.qb.desc)
		.limit(1)
	).run(pluck=True)
	return getdate(months[0]) if months else None


def scheduled() -> None:
	"""Scheduler, each morning: what the last issued run made claimable; finance gets a message (R33)."""
	month = last_issued_month()
	if not month or not frappe.db.get_single_value("Funding Settings", "automatic"):
		return
	made = prepare(month)
	if made:
		mail.notify(
			_finance(),
			_("{0} statements of funders are ready for {1}").format(len(made), month_text(month)),
			frappe.get_doc(STATEMENT, made[0]),
		)


def _finance() -> list[str]:
	HasRole, User = DocType("Has Role"), DocType("User")
	return (
		frappe.qb.from_(HasRole)
		.join(User)
		.on(User.name == HasRole.parent)
		.select(HasRole.parent)
		.distinct()
		.where((HasRole.role == roles.FINANCE_CLERK) & (HasRole.parenttype == "User") & (User.enabled == 1))
	).run(pluck=True)
