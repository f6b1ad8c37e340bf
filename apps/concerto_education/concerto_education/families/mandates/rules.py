"""What a mandate is and refuses: account, states, one at a time, kept for ever (R20)."""

from __future__ import annotations

import re

import frappe
from frappe import _
from frappe.utils import cint, formatdate, getdate, now_datetime, today

from concerto_education.engine import mandates as engine
from concerto_education.families.mandates import errors, iban

DEFAULT_PREFIX = "CE"
# What a bank prints: the Latin characters of the rulebook. French accents are written without (see `plain`).
_HOLDER = re.compile(r"[A-Za-z0-9/\-?:().,'+ ]{1,70}")


# ---------------------------------------------------------------- filling


def complete(doc) -> None:
	"""Fill what the system gives: family, reference, account, BIC, the day on which the mandate lapses."""
	doc.family = frappe.db.get_value("Payer", doc.payer, "family") if doc.payer else None
	if doc.is_new():
		doc.state = engine.AWAITING
		doc.events = []
		doc.first_debited = doc.last_debited = doc.rum = None
	elif before := doc.get_doc_before_save():
		# Given by the system: the bank knows the mandate by its reference, and a debit counts its months anew.
		for name in ("rum", "first_debited", "last_debited"):
			doc.set(name, before.get(name))
	_take_iban(doc)
	_complete_bic(doc)
	if not doc.account_holder and doc.payer:
		doc.account_holder = holder_of(doc.payer)
	doc.account_holder = " ".join((doc.account_holder or "").split())
	if not cint(doc.own_address):
		doc.address_line1 = doc.address_line2 = doc.postcode = doc.town = None
	doc.account = engine.masked(doc.iban)
	doc.lapses_on = engine.lapses_on(_day(doc.signature_date), _day(doc.last_debited))


def _day(value):
	"""``getdate`` of nothing is today."""
	return getdate(value) if value else None


def _take_iban(doc) -> None:
	"""The account is typed into a field that keeps nothing, so that whoever may enter it need not see it again.

	The stored one counts, whatever a form sends for it: many may not read it, and send nothing.
	"""
	typed, doc.new_iban = (doc.new_iban or "").strip(), None
	stored = None if doc.is_new() else frappe.db.get_value("Mandate", doc.name, "iban")
	if not typed:
		doc.iban = stored
		return
	found = iban.checked(typed)
	if stored and found != stored and _stored_state(doc) != engine.AWAITING:
		frappe.throw(
			_(
				"IBAN: it no longer changes once the mandate is signed. Revoke this one and make another (R20)"
			),
			errors.IbanIsFixed,
		)
	doc.iban = found


def _complete_bic(doc) -> None:
	if not doc.iban:
		return
	found = iban.bic_of(doc.iban)
	doc.bic_derived = int(bool(found))
	if found:
		doc.bic = found
	elif doc.bic:
		doc.bic = iban.checked_bic(doc.bic, doc.iban)


def holder_of(payer: str) -> str:
	"""The name to propose: the person's own, because an account belongs to a person and not to an envelope."""
	row = frappe.db.get_value("Payer", payer, ["person", "recipient"], as_dict=True)
	name = frappe.db.get_value("Person", row.person, "full_name") if row.person else row.recipient
	return plain(name or "")[:70]


def plain(text: str) -> str:
	"""Without accents and with nothing that a bank refuses."""
	from unicodedata import normalize

	bare = normalize("NFKD", text.replace("’", "'").replace("œ", "oe").replace("Œ", "OE"))
	return re.sub(r"[^A-Za-z0-9/\-?:().,'+ ]", "", bare)


# ---------------------------------------------------------------- checking


def check(doc) -> None:
	"""Throw the first rule that a mandate breaks."""
	if not doc.iban:
		frappe.throw(_("IBAN: enter the account to debit, as on the RIB (R20)"), errors.InvalidIban)
	if not _HOLDER.fullmatch(plain(doc.account_holder)) or plain(doc.account_holder).isspace():
		frappe.throw(
			_("Account Holder: enter the name as on the RIB, 70 characters at most (R20)"),
			errors.InvalidHolder,
		)
	if doc.signature_date and getdate(doc.signature_date) > getdate(today()):
		frappe.throw(
			_("Signed On: {0} is in the future (R20)").format(formatdate(doc.signature_date)),
			errors.SignedInFuture,
		)
	_check_payer(doc)
	_check_state(doc)
	_check_alone(doc)
	if not doc.rum:
		doc.rum = next_reference(doc.payer)


def _check_payer(doc) -> None:
	before = doc.get_doc_before_save()
	if before and before.payer != doc.payer:
		frappe.throw(
			_("Payer: a mandate stays with its payer. Make another one for {0} (R20)").format(
				frappe.db.get_value("Payer", doc.payer, "recipient") or doc.payer
			),
			errors.MandatePayerFixed,
		)


def _stored_state(doc) -> str | None:
	before = doc.get_doc_before_save()
	return before.state if before else frappe.db.get_value("Mandate", doc.name, "state")


def _check_state(doc) -> None:
	before = doc.get_doc_before_save()
	if not before:
		return
	by_time = doc.flags.lapsed and doc.state == engine.EXPIRED
	if before.state != doc.state and not by_time and not engine.may_become(before.state, doc.state):
		frappe.throw(
			_("State: a mandate can’t go from “{0}” to “{1}” (R20)").format(_(before.state), _(doc.state)),
			errors.StateNotAllowed,
		)
	if doc.state == engine.ACTIVE and not doc.signature_date:
		frappe.throw(
			_("Signed On: a mandate becomes active by its signature. Enter the date on the paper (R20)"),
			errors.NotSigned,
		)
	if before.state != doc.state and doc.state in (engine.SUSPENDED, engine.REVOKED) and not doc.flags.reason:
		frappe.throw(
			_("Reason: say why the mandate is suspended or revoked. Use the button (R20)"),
			errors.ReasonNeeded,
		)
	if before.state != engine.AWAITING and _day(before.signature_date) != _day(doc.signature_date):
		# Also for a mandate that was revoked unsigned: there is nothing left to date.
		frappe.throw(
			_("Signed On: the date of a mandate that was signed no longer changes (R20)"),
			errors.SignatureIsFixed,
		)


def _check_alone(doc) -> None:
	"""One at a time. The payer's row is held until the end, so that two clerks don't make one each."""
	frappe.db.get_value("Payer", doc.payer, "name", for_update=True)
	if doc.state not in engine.OPEN:
		return
	other = frappe.db.get_value(
		"Mandate",
		{"payer": doc.payer, "name": ("!=", doc.name or ""), "state": ("in", sorted(engine.OPEN))},
		["name", "rum", "state"],
		as_dict=True,
	)
	if other:
		frappe.throw(
			_("Payer: there is a mandate already, {0} ({1}). Revoke it first (R20)").format(
				other.rum, _(other.state)
			),
			errors.AnotherMandate,
		)


def next_reference(payer: str) -> str:
	"""The next free reference of this payer. After a merge a number may be taken: the one after it then."""
	prefix = frappe.db.get_single_value("Authority Settings", "rum_prefix") or DEFAULT_PREFIX
	number = frappe.db.count("Mandate", {"payer": payer}) + 1
	while frappe.db.exists("Mandate", {"rum": engine.reference(prefix, payer, number)}):
		number += 1
	return engine.reference(prefix, payer, number)


# ---------------------------------------------------------------- the trace


def record_change(doc) -> None:
	"""Who took the mandate from which state to which, and why: in the mandate itself, for the bank and the payer."""
	before = doc.get_doc_before_save()
	old = before.state if before else None
	# What is written there is never what a form sends.
	doc.events = list(before.events) if before else []
	if doc.state != old:
		doc.append(
			"events",
			{
				"happened_at": now_datetime(),
				"state_before": old,
				"state_after": doc.state,
				"user": frappe.session.user,
				"reason": doc.flags.reason,
			},
		)
	if before and before.iban != doc.iban:
		doc.append(
			"events",
			{
				"happened_at": now_datetime(),
				"state_before": old,
				"state_after": doc.state,
				"user": frappe.session.user,
				"reason": _("Account corrected: {0} → {1}").format(before.account, doc.account),
			},
		)


def check_deletion(doc) -> None:
	was_active = doc.state != engine.AWAITING and any(
		row.state_after == engine.ACTIVE or row.state_before == engine.ACTIVE for row in doc.events
	)
	if was_active or doc.last_debited:
		frappe.throw(
			_("{0}: a mandate that was ever active is kept. Revoke it instead (R20)").format(doc.rum),
			errors.MandateIsKept,
		)
