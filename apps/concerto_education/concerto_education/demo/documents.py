"""Documents, authorisations and mandates of the demo: most are there, some are missing, refused or over (R7, R20, R24)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

import frappe
from frappe.utils import now
from schwifty import IBAN

from concerto_education.authority.bulk import insert_rows
from concerto_education.demo import world
from concerto_education.demo.bulk import Series
from concerto_education.families.documents import rules
from concerto_education.families.quotients import school_year_of

PROOF, INSURANCE = "Justificatif de domicile", "Attestation d'assurance"
VACCINES, SHEET = "Certificat de vaccination ou carnet de santé", "Fiche sanitaire de liaison"
REFUSALS = ("Document illisible", "Au nom d'une autre personne", "Page manquante")
_STANDARD = ("name", "creation", "modified", "owner", "modified_by", "docstatus", "idx")
_DOCUMENT = (
	"family",
	"document_type",
	"concerns",
	"person",
	"health",
	"status",
	"received_on",
	"valid_from",
	"valid_to",
	"refusal_reason",
)
_ANSWER = (
	"family",
	"person",
	"authorisation_type",
	"value",
	"signed_by",
	"signed_on",
	"valid_from",
	"valid_to",
)
# Bank code of the Banque de France with accounts that nobody has; the check digits are right.
BANK, BRANCH = "30001", "00794"
MANDATES = 40
STATES = ("Active", "Active", "Active", "Awaiting Signature", "Suspended", "Revoked", "Active")


def make(seed: int) -> str:
	"""Everything of this subject, the same at each load."""
	chance = random.Random(f"documents {seed}")
	_require()
	families = _families()
	documents = [row for family in families for row in _documents(family, chance)]
	answers = [row for family in families for row in _answers(family, chance)]
	# Controllers don't run for the crowd, like in bulk.py; their functions compute the dates.
	_insert("Family Document", _DOCUMENT, documents)
	_insert("Authorisation", _ANSWER, answers)
	return f"{len(documents)} documents, {len(answers)} authorisations, {_mandates(chance)} mandates"


def _require() -> None:
	"""The leisure centre asks for the health sheet."""
	if not frappe.db.exists("Activity", world.WEDNESDAY):
		return
	activity = frappe.get_doc("Activity", world.WEDNESDAY)
	if not activity.requirements:
		activity.append("requirements", {"required_doctype": "Document Type", "required": SHEET})
		activity.append("requirements", {"required_doctype": "Authorisation Type", "required": "Baignade"})
		activity.save()


def _families() -> list[dict]:
	found: dict[str, dict] = {}
	for row in frappe.get_all(
		"Family Member",
		filters={"parenttype": "Family"},
		fields=["parent", "person", "role"],
		order_by="parent asc, idx asc",
	):
		family = found.setdefault(row.parent, {"name": row.parent, "children": [], "signer": None})
		if row.role == "Child":
			family["children"].append(row.person)
		elif row.role == "Representative 1":
			family["signer"] = row.person
	return list(found.values())


def _documents(family: dict, chance: random.Random) -> Iterator[tuple]:
	subjects = [(PROOF, "Family", None, 0)]
	for child in family["children"]:
		subjects += [(INSURANCE, "Child", child, 0), (VACCINES, "Child", child, 1)]
		if chance.random() < 0.3:
			subjects.append((SHEET, "Child", child, 1))
	for kind, concerns, person, health in subjects:
		row = _document(kind, chance)
		if row:
			yield (family["name"], kind, concerns, person, health, *row)


def _document(kind: str, chance: random.Random) -> tuple | None:
	"""State and dates: three in four are fine."""
	draw = chance.random()
	received = date(2026, 8, 20).toordinal() + chance.randrange(60)
	if draw < 0.12:
		return None
	if draw < 0.18 and kind != VACCINES:
		received -= 400
	start = date.fromordinal(received)
	validity = {PROOF: rules.MONTHS, VACCINES: rules.NO_END}.get(kind, rules.SCHOOL_YEAR)
	start = max(start, date(2026, 9, 1)) if validity == rules.SCHOOL_YEAR and start.year == 2026 else start
	status, reason = "Valid", None
	if 0.18 <= draw < 0.24:
		status = "Received"
	elif 0.24 <= draw < 0.28:
		status, reason = "Refused", chance.choice(REFUSALS)
	return (status, start, start, rules.end_of(validity, 12, start), reason)


def _answers(family: dict, chance: random.Random) -> Iterator[tuple]:
	types = frappe.get_all("Authorisation Type", filters={"required": 1}, pluck="name", order_by="name asc")
	for child in family["children"]:
		if not family["signer"] or chance.random() < 0.15:
			continue  # the form never came back
		signed = date(2026, 9, 1 + chance.randrange(25))
		for kind in types:
			given = chance.random() < (0.35 if kind == "Partir seul" else 0.9)
			value = "Given" if given else "Refused"
			end = school_year_of(signed).end
			yield (family["name"], child, kind, value, family["signer"], signed, signed, end)


def _insert(doctype: str, columns: tuple[str, ...], rows: list[tuple]) -> None:
	if not rows:
		return
	series, moment, user = Series(doctype, len(rows)), now(), frappe.session.user
	insert_rows(
		doctype,
		[*_STANDARD, *columns],
		((series.next(), moment, moment, user, user, 0, 0, *row) for row in rows),
	)


# ---------------------------------------------------------------- mandates


def account(number: int) -> str:
	"""A fictional French IBAN with right check digits."""
	return IBAN.generate("FR", bank_code=BANK, branch_code=BRANCH, account_code=f"{number:011d}").compact


def _mandates(chance: random.Random) -> int:
	"""Real documents, so that every rule of a mandate runs on them; a few, because each takes its time."""
	payers = frappe.get_all(
		"Payer",
		filters={"active": 1, "payer_kind": "Person", "family": ("is", "set")},
		pluck="name",
		order_by="name asc",
	)
	chosen = chance.sample(payers, min(MANDATES, len(payers) // 3))
	for number, payer in enumerate(sorted(chosen), 1):
		# Straight on the table: nothing else of the payer changes.
		frappe.db.set_value("Payer", payer, "payment_method", "Direct Debit")
		if number % 10 == 0:
			continue  # chose direct debit, and nobody made the mandate
		_mandate(payer, number, STATES[number % len(STATES)])
	return len(chosen)


def _mandate(payer: str, number: int, state: str) -> None:
	doc = frappe.get_doc(
		{"doctype": "Mandate", "payer": payer, "new_iban": account(4_100_000 + number)}
	).insert()
	if state == "Awaiting Signature":
		return
	doc.update(
		{"signature_date": date(2026, 9, 1 + number % 28), "signature_place": "Verrinay", "state": "Active"}
	)
	doc.save()
	if state != "Active":
		doc.state = state
		doc.flags.reason = "Prélèvement rejeté" if state == "Suspended" else "Changement de banque"
		doc.save()
