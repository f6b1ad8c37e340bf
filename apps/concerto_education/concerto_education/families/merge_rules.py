"""What a merge refuses, each rule by its name and in words that say what to do first (R12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import cint, formatdate, getdate, today

from concerto_education.families import errors, likeness, links
from concerto_education.families.likeness import Human
from concerto_education.families.mandates import merging
from concerto_education.families.members import CHILD, CONTACT, REPRESENTATIVES
from concerto_education.families.placement.rules import span_of

GUARDS = "concerto_before_merge"


@dataclass(frozen=True, slots=True)
class Conflict:
	"""One reason why these two can't be merged now, with a record to look at."""

	error: type[errors.MergeRefused]
	message: str
	doctype: str | None = None
	name: str | None = None


def refuse(conflicts: Iterable[Conflict]) -> None:
	"""Throw the first conflict's error, naming all of them."""
	conflicts = list(conflicts)
	if conflicts:
		frappe.throw(
			"<br>".join(conflict.message for conflict in conflicts),
			conflicts[0].error,
			title=_("These can’t be merged yet"),
		)


def require_two(doctype: str, kept: str, dropped: str) -> None:
	"""Two different records that are both there."""
	if kept == dropped:
		frappe.throw(
			_("{0}: a record can’t be merged with itself (R12)").format(kept), errors.MergeWithItself
		)
	for name in (kept, dropped):
		if not frappe.db.exists(doctype, name):
			frappe.throw(
				_("{0}: this record is no longer there. It may have been merged already (R12)").format(name),
				errors.NothingToMerge,
			)


def guards(doctype: str, kept: str, dropped: str) -> None:
	"""Rooms above this one may refuse too: billing while a run is being computed."""
	for path in frappe.get_hooks(GUARDS):
		frappe.get_attr(path)(doctype, kept, dropped)


# ---------------------------------------------------------------- persons


def of_persons(kept, dropped) -> Iterator[Conflict]:
	"""Everything that keeps two Persons from becoming one."""
	yield from _contradictions(kept, dropped)
	yield from _logins(kept, dropped)
	yield from _common_families(kept, dropped)
	yield from _enrolments(kept, dropped)
	yield from _custody(kept, dropped)
	yield from _placements(kept, dropped)
	yield from _paying_together(kept.name, dropped.name)


def _contradictions(kept, dropped) -> Iterator[Conflict]:
	if kept.birth_date and dropped.birth_date and getdate(kept.birth_date) != getdate(dropped.birth_date):
		yield Conflict(
			errors.DifferentBirthDates,
			_("Birth Date: {0} was born on {1}, {2} on {3}. Correct the wrong date first (R12)").format(
				kept.full_name,
				formatdate(kept.birth_date),
				dropped.full_name,
				formatdate(dropped.birth_date),
			),
			"Person",
			dropped.name,
		)
	if kept.sex and dropped.sex and kept.sex != dropped.sex:
		yield Conflict(
			errors.DifferentSexes,
			_("Sex: it differs between {0} and {1}. Correct it first (R12)").format(
				kept.full_name, dropped.full_name
			),
			"Person",
			dropped.name,
		)


def _logins(kept, dropped) -> Iterator[Conflict]:
	if kept.user and dropped.user and kept.user != dropped.user:
		yield Conflict(
			errors.TwoLogins,
			_("Portal Login: both have one ({0}, {1}). Remove the one that is not used first (R12)").format(
				kept.user, dropped.user
			),
			"Person",
			dropped.name,
		)


def _common_families(kept, dropped) -> Iterator[Conflict]:
	"""Members of one dossier are usually different people: brother and sister, mother and child."""
	rows = _memberships(kept.name, dropped.name)
	for family, (mine, theirs) in rows.items():
		if (mine.role == CHILD) != (theirs.role == CHILD):
			yield Conflict(
				errors.TwoMembersOfOneFamily,
				_("{0} is a child of the family {1}, and {2} an adult of it (R12)").format(
					(kept if mine.role == CHILD else dropped).full_name,
					family,
					(dropped if mine.role == CHILD else kept).full_name,
				),
				"Family",
				family,
			)
		elif likeness.persons(Human.of(kept), Human.of(dropped)).score < likeness.ASK:
			yield Conflict(
				errors.TwoMembersOfOneFamily,
				_("{0} and {1} are two different members of the family {2} (R12)").format(
					kept.full_name, dropped.full_name, family
				),
				"Family",
				family,
			)
		else:
			yield from _forbidden(mine, theirs, kept.full_name, family)


def _memberships(kept: str, dropped: str) -> dict[str, tuple]:
	"""Families that both are in, with the two rows."""
	found: dict[str, dict] = {}
	for row in frappe.get_all(
		"Family Member",
		filters={"person": ("in", [kept, dropped]), "parenttype": "Family"},
		fields=["parent", "person", "role", "forbidden"],
	):
		found.setdefault(row.parent, {})[row.person] = row
	return {
		family: (rows[kept], rows[dropped])
		for family, rows in found.items()
		if kept in rows and dropped in rows
	}


def _forbidden(mine, theirs, name: str, family: str) -> Iterator[Conflict]:
	"""Forbidden here and a representative there: a person decides which is true, not a program (R22)."""
	if cint(mine.forbidden) != cint(theirs.forbidden) and (mine.role != CONTACT or theirs.role != CONTACT):
		yield Conflict(
			errors.ForbiddenInOneOnly,
			_(
				"{0} is a forbidden contact in one place and “{1}” in the other. Settle that first (R22)"
			).format(name, _(theirs.role if cint(mine.forbidden) else mine.role)),
			"Family",
			family,
		)


def _enrolments(kept, dropped) -> Iterator[Conflict]:
	"""Enrolled twice from today on. What is past stays as it was."""
	mine, theirs = (
		frappe.get_all(  # also at sites that the user doesn't see: they would be billed twice
			"Enrolment",
			filters={"person": person.name, "status": ("!=", "Cancelled"), "valid_to": (">=", today())},
			fields=["name", "activity", "site", "valid_from", "valid_to"],
		)
		for person in (kept, dropped)
	)
	for one in mine:
		for other in theirs:
			if (one.activity, one.site) != (other.activity, other.site):
				continue
			if one.valid_from <= other.valid_to and other.valid_from <= one.valid_to:
				yield Conflict(
					errors.EnrolmentsCollide,
					_(
						"{0} at {1}: enrolled twice, by {2} and by {3}. Cancel one, or end it before today (R12)"
					).format(one.activity, one.site, one.name, other.name),
					"Enrolment",
					other.name,
				)


def _custody(kept, dropped) -> Iterator[Conflict]:
	yield from custody_between(
		_calendars({"person": kept.name}), _calendars({"person": dropped.name}), one_person=True
	)


def _calendars(filters: dict) -> list:
	return frappe.get_all(
		"Custody Calendar",
		filters=filters,
		or_filters=[["valid_to", ">=", today()], ["valid_to", "is", "not set"]],
		fields=["name", "person", "valid_from", "valid_to"],
	)


def custody_between(mine: list, theirs: list, one_person: bool = False) -> Iterator[Conflict]:
	"""Calendars of one child that would hold on the same days, from today on (R19)."""
	for one in mine:
		for other in theirs:
			if not one_person and one.person != other.person:
				continue
			if (not other.valid_to or one.valid_from <= other.valid_to) and (
				not one.valid_to or other.valid_from <= one.valid_to
			):
				yield Conflict(
					errors.CustodyCollides,
					_(
						"Custody calendars {0} and {1} hold on the same days. End one of them first (R19)"
					).format(one.name, other.name),
					"Custody Calendar",
					other.name,
				)


def _placements(kept, dropped) -> Iterator[Conflict]:
	"""A child is in one place at a time (R17)."""
	mine, theirs = (
		frappe.get_all(  # whatever the user may read: two carers would pay for one day
			"Placement", filters={"person": person.name}, fields=["name", "valid_from", "valid_to"]
		)
		for person in (kept, dropped)
	)
	for one in mine:
		for other in theirs:
			if span_of(one).overlaps(span_of(other)):
				yield Conflict(
					errors.PlacementsCollide,
					_("Placements {0} and {1} hold on the same days. End one of them first (R17)").format(
						one.name, other.name
					),
					"Placement",
					other.name,
				)


def _paying_together(kept: str, dropped: str) -> Iterator[Conflict]:
	"""Both pay for one family: their payers become one, unless something needs them to be two."""
	payers: dict[str, dict] = {}
	for row in frappe.get_all(
		"Payer", filters={"person": ("in", [kept, dropped])}, fields=["name", "family", "person"]
	):
		payers.setdefault(row.family, {})[row.person] = row.name
	for pair in payers.values():
		if len(pair) == 2:
			yield from payers_named_together(pair[kept], pair[dropped])
			yield from mandates_of_both([(pair[kept], pair[dropped])])


def mandates_of_both(pairs: Iterable[tuple[str, str]]) -> Iterator[Conflict]:
	"""Which account is debited is decided by a person, not by a program (R20)."""
	for name, ours, theirs in merging.both_open(pairs):
		yield Conflict(
			errors.MandatesCollide,
			_("Both payers have a mandate, {0} and {1}. Revoke one of them first (R20)").format(ours, theirs),
			"Mandate",
			name,
		)


def payers_named_together(kept: str, dropped: str) -> Iterator[Conflict]:
	"""Enrolments that name both as payers, calendars between the two (R19)."""
	rows: dict[str, set] = {}
	for row in frappe.get_all(
		"Enrolment Payer", filters={"payer": ("in", [kept, dropped])}, fields=["parent", "payer"]
	):
		rows.setdefault(row.parent, set()).add(row.payer)
	named = [("Enrolment", enrolment) for enrolment, both in rows.items() if len(both) == 2]
	named += [
		("Custody Calendar", name)
		for name in frappe.get_all(
			"Custody Calendar",
			filters={"first_payer": ("in", [kept, dropped]), "second_payer": ("in", [kept, dropped])},
			pluck="name",
		)
	]
	for doctype, name in named:
		yield Conflict(
			errors.PayersCollide,
			_("{0} {1} names both as payers. Leave one of them there first (R19)").format(_(doctype), name),
			doctype,
			name,
		)


# ---------------------------------------------------------------- dossiers


def of_families(kept, dropped) -> Iterator[Conflict]:
	"""Everything that keeps two dossiers from becoming one."""
	mine = {row.person: row for row in kept.members}
	for row in dropped.members:
		other = mine.get(row.person)
		if not other:
			continue
		if (row.role == CHILD) != (other.role == CHILD):
			yield Conflict(
				errors.TwoMembersOfOneFamily,
				_("{0} is a child in one dossier and an adult in the other (R12)").format(row.full_name),
				"Family",
				dropped.name,
			)
		yield from _forbidden(other, row, row.full_name, dropped.name)
	yield from _forbidden_payers(kept, dropped)
	yield from mandates_of_both(merging.same_payers(kept.name, dropped.name))
	yield from custody_between(_calendars({"family": kept.name}), _calendars({"family": dropped.name}))
	yield from unique("Family", kept.name, dropped.name)


def _forbidden_payers(kept, dropped) -> Iterator[Conflict]:
	"""Forbidden in one dossier, paying in the other (R22)."""
	for forbidding, paying in ((kept, dropped), (dropped, kept)):
		forbidden = {row.person: row for row in forbidding.members if cint(row.forbidden)}
		if not forbidden:
			continue
		for payer in frappe.get_all(
			"Payer",
			filters={"family": paying.name, "person": ("in", list(forbidden)), "active": 1},
			fields=["name", "person"],
		):
			yield Conflict(
				errors.ForbiddenInOneOnly,
				_(
					"{0} is a forbidden contact in one dossier and a payer in the other. Settle that first (R22)"
				).format(forbidden[payer.person].full_name),
				"Payer",
				payer.name,
			)


def unique(doctype: str, kept: str, dropped: str) -> Iterator[Conflict]:
	"""Fields that an administrator made unique, and both records use."""
	for pointer, number in links.collisions(doctype, dropped, kept, links.pointers(doctype)):
		yield Conflict(
			errors.WouldBreakUniqueness,
			_("{0}: {1} records would be there twice, and the field “{2}” is unique (R12)").format(
				_(pointer.doctype), number, _(pointer.label)
			),
		)


def representatives(role: str, taken: set[str]) -> str:
	"""The role of a representative who joins a dossier that may have its own."""
	if role not in REPRESENTATIVES or role not in taken:
		return role
	return next((free for free in REPRESENTATIVES if free not in taken), CONTACT)
