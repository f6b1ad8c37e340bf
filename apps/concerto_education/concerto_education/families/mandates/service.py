"""Which mandate is debited, and what happens to it (R20). ``active_of`` is the only way to an account.

No permission is checked here but where it says so: billing and the table of what is missing ask for many payers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import frappe
from frappe import _
from frappe.utils import getdate, today

from concerto_education.engine import mandates as engine
from concerto_education.families.mandates import errors


@dataclass(frozen=True, slots=True)
class ActiveMandate:
	"""What a debit needs to know of the payer's account. The account is left out of ``repr`` and so of logs."""

	name: str
	payer: str
	rum: str
	account_holder: str
	signed_on: date
	iban: str = field(repr=False)
	bic: str | None = field(default=None, repr=False)
	first_debited: date | None = None
	last_debited: date | None = None

	@property
	def is_first(self) -> bool:
		"""FRST for the first collection, RCUR afterwards."""
		return self.last_debited is None


def active_of(payers: Iterable[str], day: date) -> dict[str, ActiveMandate]:
	"""The mandates that may be debited on ``day``, by payer, in one query. Whoever isn't in there is not debited.

	Not awaiting signature, not suspended nor revoked, signed by that day, and used within 36 months (R20).
	"""
	wanted = list(dict.fromkeys(payers))
	if not wanted:
		return {}
	# Billing's own question: its right to bill these payers was checked, and accounts are at permlevel 1.
	rows = frappe.get_all(
		"Mandate",
		filters={"payer": ("in", wanted), "state": engine.ACTIVE},
		fields=[
			"name",
			"payer",
			"rum",
			"account_holder",
			"signature_date",
			"iban",
			"bic",
			"state",
			"first_debited",
			"last_debited",
		],
	)
	return {
		row.payer: ActiveMandate(
			row.name,
			row.payer,
			row.rum,
			row.account_holder,
			row.signature_date,
			row.iban,
			row.bic or None,
			row.first_debited,
			row.last_debited,
		)
		for row in rows
		if engine.holds(row.state, row.signature_date, row.last_debited, day)
	}


@dataclass(frozen=True, slots=True)
class MandateState:
	"""What a screen shows of a payer's mandate: no account but its end."""

	name: str
	payer: str
	rum: str
	state: str
	account: str
	lapses_on: date | None
	usable: bool


def states_of(payers: Iterable[str], day: date) -> dict[str, MandateState]:
	"""The open mandate of each payer, else the one that ended last, in one query."""
	wanted = list(dict.fromkeys(payers))
	if not wanted:
		return {}
	# State and end of the account only; whoever shows them has checked the family.
	rows = frappe.get_all(
		"Mandate",
		filters={"payer": ("in", wanted)},
		fields=["name", "payer", "rum", "state", "account", "signature_date", "last_debited", "lapses_on"],
		order_by="creation asc",
	)
	found: dict[str, MandateState] = {}
	for row in sorted(rows, key=lambda row: row.state in engine.OPEN):
		usable = engine.holds(row.state, row.signature_date, row.last_debited, day)
		# Lapsed since last night: the job that writes it down has not run yet.
		lapsed = row.state == engine.ACTIVE and row.lapses_on and row.lapses_on <= day
		found[row.payer] = MandateState(
			row.name,
			row.payer,
			row.rum,
			engine.EXPIRED if lapsed else row.state,
			row.account,
			row.lapses_on,
			usable,
		)
	return found


def record_debit(mandates: Iterable[str], day: date) -> None:
	"""These mandates were in a debit file for ``day``: their 36 months begin anew. Called by billing."""
	for name in sorted(set(mandates)):
		row = frappe.db.get_value(
			"Mandate",
			name,
			["signature_date", "first_debited", "last_debited"],
			as_dict=True,
			for_update=True,
		)
		last = max(filter(None, (row.last_debited, day)))
		first = min(filter(None, (row.first_debited, day)))
		# Straight on the table: a debit changes nothing that a rule of the form looks at.
		frappe.db.set_value(
			"Mandate",
			name,
			{
				"first_debited": first,
				"last_debited": last,
				"lapses_on": engine.lapses_on(row.signature_date, last),
			},
		)


def change_state(name: str, state: str, reason: str | None = None, signed_on: date | None = None):
	"""Take a mandate to another state, with the rights of the user. Returns the document."""
	doc = frappe.get_doc("Mandate", name)
	doc.check_permission("write")
	if signed_on and doc.state == engine.AWAITING:
		doc.signature_date = signed_on
	if doc.state == state:
		frappe.throw(_("State: the mandate is “{0}” already (R20)").format(_(state)), errors.StateNotAllowed)
	doc.state = state
	doc.flags.reason = (reason or "").strip() or None
	doc.save()
	return doc


def expire_unused(day: date | None = None) -> int:
	"""Write down which mandates have lapsed: every night (36 months without a debit, R20)."""
	day = day or getdate(today())
	names = frappe.get_all(
		"Mandate",
		filters={"state": ("in", (engine.ACTIVE, engine.SUSPENDED)), "lapses_on": ("<=", day)},
		pluck="name",
	)
	for name in names:
		doc = frappe.get_doc("Mandate", name)
		doc.state = engine.EXPIRED
		doc.flags.lapsed = True
		doc.flags.reason = _("Not used for 36 months")
		# The night's own job.
		doc.save(ignore_permissions=True)
	return len(names)
