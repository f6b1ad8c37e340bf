"""What representatives allow for their child: the answers, and who may give them (R7, R17).

``of(persons, day)`` is what lists, tablets and the dossier ask; an answer that is not there is not given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import frappe
from frappe import _
from frappe.query_builder import Criterion
from frappe.utils import formatdate, getdate, today

from concerto_education.families.documents import errors, rules
from concerto_education.families.members import CHILD, REPRESENTATIVES

GIVEN = "Given"
REFUSED = "Refused"


@dataclass(frozen=True, slots=True)
class Answer:
	"""What was answered, by whom, and until when it holds."""

	name: str
	value: str
	signed_by: str
	signed_on: date
	valid_to: date | None

	@property
	def given(self) -> bool:
		return self.value == GIVEN


def of(persons: Iterable[str], day: date) -> dict[str, dict[str, Answer]]:
	"""The answers that hold on ``day``, by person and type, in one query. A type without an answer is not in it.

	The latest signed one holds, and of one day the latest recorded. No permission is checked: the caller has.
	"""
	wanted = list(dict.fromkeys(persons))
	found: dict[str, dict[str, Answer]] = {person: {} for person in wanted}
	if not wanted:
		return found
	table = frappe.qb.DocType("Authorisation")
	rows = (
		frappe.qb.from_(table)
		.select(
			table.name,
			table.person,
			table.authorisation_type,
			table.value,
			table.signed_by,
			table.signed_on,
			table.valid_to,
		)
		.where(table.person.isin(wanted))
		.where(Criterion.any([table.valid_from.isnull(), table.valid_from <= day]))
		.where(Criterion.any([table.valid_to.isnull(), table.valid_to >= day]))
		.orderby(table.signed_on, table.creation, table.name)
	).run(as_dict=True)
	for row in rows:
		found[row.person][row.authorisation_type] = Answer(
			row.name, row.value, row.signed_by, row.signed_on, row.valid_to
		)
	return found


def list_texts(persons: Iterable[str], day: date) -> dict[str, list[str]]:
	"""What a list says of each child, in the administrator's words: “No photo”, “Goes home alone” (two queries).

	Who may collect the child alone or swim is a question of safety: without an answer it counts as refused.
	"""
	answers = of(persons, day)
	types = active_types()
	return {
		person: [
			text
			for kind in types
			if (
				text := kind.text_when_given
				if kind.type_name in given and given[kind.type_name].given
				else kind.text_when_refused
			)
		]
		for person, given in answers.items()
	}


def active_types() -> list[frappe._dict]:
	# Names and words of the administrator, for everybody who sees a child.
	return frappe.get_all(
		"Authorisation Type",
		filters={"active": 1},
		fields=["type_name", "required", "question", "text_when_given", "text_when_refused"],
		order_by="creation asc, type_name asc",
	)


# ---------------------------------------------------------------- saving an answer


def complete(doc) -> None:
	doc.signed_on = doc.signed_on or today()
	doc.valid_from = doc.valid_from or doc.signed_on
	if not doc.valid_to and doc.authorisation_type:
		validity = frappe.get_cached_value("Authorisation Type", doc.authorisation_type, "validity")
		doc.valid_to = rules.end_of(validity, 0, getdate(doc.valid_from))


def check(doc) -> None:
	"""Throw the first rule that an answer breaks."""
	_check_kept(doc)
	rules.check_child(doc.family, doc.person)
	if getdate(doc.signed_on) > getdate(today()):
		frappe.throw(
			_("Signed On: {0} is in the future").format(formatdate(doc.signed_on)), errors.SignedInFuture
		)
	if doc.valid_to and getdate(doc.valid_to) < getdate(doc.valid_from):
		frappe.throw(_("Valid To: it cannot be before “Valid From”"), errors.AuthorisationEndsBeforeStart)
	if doc.is_new():
		_check_signatory(doc)


def _check_kept(doc) -> None:
	before = doc.get_doc_before_save()
	if before and any(
		str(before.get(field) or "") != str(doc.get(field) or "")
		for field in ("person", "authorisation_type", "value", "signed_by", "signed_on")
	):
		frappe.throw(
			_("An answer is kept as it was signed. Record the new answer: it replaces this one"),
			errors.AnswerIsKept,
		)


def _check_signatory(doc) -> None:
	if doc.signed_by not in signatories(doc.family, doc.person, getdate(doc.signed_on)):
		frappe.throw(
			_(
				"Signed By: only a representative of the child signs. Another adult needs a written delegation among the documents of the dossier (R17)"
			),
			errors.NotARepresentative,
		)


def signatories(family: str, person: str, day: date) -> list[str]:
	"""Who may sign for the child: the representatives; with a delegation, the other adults too (R17)."""
	# Rules of the dossier look at the whole family, whatever the user may read.
	members = frappe.get_all(
		"Family Member",
		filters={"parent": family, "parenttype": "Family"},
		fields=["person", "role", "forbidden"],
		order_by="role asc, idx asc",
	)
	representatives = [row.person for row in members if row.role in REPRESENTATIVES]
	if not has_delegation(family, person, day):
		return representatives
	others = [
		row.person for row in members if row.role not in (*REPRESENTATIVES, CHILD) and not row.forbidden
	]
	return [*representatives, *others]


def families_of(person: str) -> list[dict]:
	"""The dossiers in which the person is a child and that the user may read."""
	names = frappe.get_all(  # the dossiers themselves are asked for with the user's rights
		"Family Member",
		filters={"person": person, "parenttype": "Family", "role": CHILD},
		pluck="parent",
	)
	rows = frappe.get_list(
		"Family", filters={"name": ("in", names)}, fields=["name", "family_name"], order_by="name asc"
	)
	return [{"name": row.name, "title": f"{row.family_name} ({row.name})"} for row in rows]


def has_delegation(family: str, person: str, day: date) -> bool:
	"""An accepted delegation of signature, of the family or of this child, that holds on ``day``."""
	types = frappe.get_all("Document Type", filters={"delegation": 1}, pluck="name")
	if not types:
		return False
	rows = frappe.get_all(
		"Family Document",
		filters={"family": family, "document_type": ("in", types), "status": rules.VALID},
		fields=["person", "status", "valid_from", "valid_to"],
	)
	return any(row.person in (None, "", person) and rules.holds(row, day) for row in rows)


def record(
	family: str, person: str, answers: Mapping[str, str], signed_by: str, signed_on: date
) -> list[str]:
	"""Record the answers of one signed form, with the user's rights; what is answered so already is left alone."""
	known = of([person], signed_on)[person]
	made = []
	for kind, value in answers.items():
		answered = known.get(kind)
		if not value or (answered and answered.value == value and answered.signed_by == signed_by):
			continue
		doc = frappe.get_doc(
			{
				"doctype": "Authorisation",
				"family": family,
				"person": person,
				"authorisation_type": kind,
				"value": value,
				"signed_by": signed_by,
				"signed_on": signed_on,
			}
		)
		made.append(doc.insert().name)
	return made


def of_children(persons: Iterable[str], day: date) -> dict[str, list[dict]]:
	"""For the dossier: each active type with its answer, or none."""
	answers = of(persons, day)
	types = active_types()
	signers = defaultdict(str)
	for row in frappe.get_all(  # names of members of the family that the caller may read
		"Person",
		filters={"name": ("in", [one.signed_by for given in answers.values() for one in given.values()])},
		fields=["name", "full_name"],
	):
		signers[row.name] = row.full_name
	return {
		person: [_shown(kind, given.get(kind.type_name), signers) for kind in types]
		for person, given in answers.items()
	}


def _shown(kind, answer: Answer | None, signers: Mapping[str, str]) -> dict:
	return {
		"type": kind.type_name,
		"question": kind.question or "",
		"required": kind.required,
		"value": answer.value if answer else "",
		"name": answer.name if answer else "",
		"signed_by": signers[answer.signed_by] if answer else "",
		"signed_on": answer.signed_on if answer else None,
		"valid_to": answer.valid_to if answer else None,
	}
