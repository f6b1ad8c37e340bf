"""Merging two dossiers, or two persons, into one: everything moves, nothing is lost, a trace stays (R12).

``preview`` says what would move and what stands in the way; ``merge`` does it, all or nothing. What points to the
dropped record is found from the metadata (``links.py``); what needs more than that is in ``merge_parts.py``, what is
refused in ``merge_rules.py``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from concerto_education.families import (
	decisions,
	likeness,
	links,
	members,
	merge_parts,
	merge_rules,
	payers,
	quotients,
	search_index,
)
from concerto_education.families.duplicates import FAMILY, PERSON, in_words
from concerto_education.families.health import unite
from concerto_education.families.likeness import Human
from concerto_education.families.rights import require_administrator

LOG = "Merge Log"
TITLE = {FAMILY: "family_name", PERSON: "full_name", "Payer": "recipient", "Health Record": "person_name"}
_SAVEPOINT = "before_merge"

PersonPairs = Iterable[tuple[str, str]]


# ---------------------------------------------------------------- before


def preview(doctype: str, kept: str, dropped: str) -> dict[str, Any]:
	"""What a merge would move, what it would change by itself, and what stands in its way."""
	require_administrator()
	_require_doctype(doctype)
	merge_rules.require_two(doctype, kept, dropped)
	ours, theirs = frappe.get_doc(doctype, kept), frappe.get_doc(doctype, dropped)
	alike = _persons_alike(ours, theirs) if doctype == FAMILY else []
	conflicts = list(_conflicts(ours, theirs))
	for pair in alike:
		pair["conflicts"] = _shown(merge_rules.of_persons(*_persons(pair["kept"], pair["dropped"])))
	return {
		"kept": _card(ours),
		"dropped": _card(theirs),
		"moves": [
			{"doctype": name, "count": number}
			for name, number in merge_parts.counted(links.count(doctype, dropped)).items()
		],
		"filled": _filled(ours, theirs),
		"notices": _notices(ours, theirs, {pair["dropped"] for pair in alike}),
		"persons": alike,
		"conflicts": _shown(conflicts),
	}


def _conflicts(kept, dropped) -> Iterator[merge_rules.Conflict]:
	rules = merge_rules.of_families if kept.doctype == FAMILY else merge_rules.of_persons
	yield from rules(kept, dropped)
	if kept.doctype == PERSON:
		yield from merge_rules.unique(PERSON, kept.name, dropped.name)


def _shown(conflicts: Iterable[merge_rules.Conflict]) -> list[dict[str, Any]]:
	return [
		{"message": conflict.message, "doctype": conflict.doctype, "name": conflict.name}
		for conflict in conflicts
	]


def _card(doc) -> dict[str, Any]:
	fields = (
		("people", "town", "phone", "email", "beneficiary_number")
		if doc.doctype == FAMILY
		else ("birth_date", "phone", "email", "school")
	)
	return {
		"name": doc.name,
		"title": doc.get(TITLE[doc.doctype]),
		"lines": [
			frappe.format(doc.get(field), doc.meta.get_field(field)) for field in fields if doc.get(field)
		],
		"created": doc.creation,
	}


def _filled(kept, dropped) -> list[dict[str, str]]:
	values = merge_parts.fill_empty(kept, dropped)
	return [
		{"label": kept.meta.get_label(field), "value": frappe.format(value, kept.meta.get_field(field))}
		for field, value in values.items()
	]


def _notices(kept, dropped, alike: set[str]) -> list[str]:
	if kept.doctype != FAMILY:
		return []
	notices = []
	taken = {row.role for row in kept.members}
	present = {row.person for row in kept.members}
	for row in dropped.members:
		if row.person not in present:
			role = merge_rules.representatives(row.role, taken)
			taken.add(role)
			if role != row.role:
				# Merged along, the person is there already and keeps the role of the kept one.
				words = (
					_("{0} becomes “{1}”, unless the two persons are merged")
					if row.person in alike
					else _("{0} becomes “{1}”")
				)
				notices.append(words.format(row.full_name, _(role)))
	spans = merge_parts.known_again(kept.name, dropped.name)
	if spans:
		notices.append(_("The known quotient is recorded once more, so that no 9999 hides it (R14)"))
	return notices


def _persons_alike(kept, dropped) -> list[dict[str, Any]]:
	"""Members of the two dossiers who are probably one person each."""
	ours, theirs = ([row.person for row in doc.members] for doc in (kept, dropped))
	humans = {name: Human.of(frappe.get_doc(PERSON, name)) for name in {*ours, *theirs}}
	found = []
	for other in theirs:
		if other in ours:
			continue
		like, best = max(
			((likeness.persons(humans[mine], humans[other]), mine) for mine in ours if mine not in theirs),
			key=lambda pair: pair[0].score,
			default=(None, None),
		)
		if best and like.score >= likeness.ASK:
			found.append(
				{
					"kept": best,
					"dropped": other,
					"title": frappe.db.get_value(PERSON, other, "full_name"),
					"score": like.score,
					"reasons": in_words(like.reasons),
				}
			)
	return found


# ---------------------------------------------------------------- merging


def merge(doctype: str, kept: str, dropped: str, persons: PersonPairs = ()) -> dict[str, Any]:
	"""Merge ``dropped`` into ``kept``; for dossiers, first the pairs of ``persons`` (kept, dropped) of the two.

	All or nothing: any refusal or error leaves everything as it was.
	"""
	require_administrator()
	_require_doctype(doctype)
	with _all_or_nothing():
		pairs = list(persons) if doctype == FAMILY else []
		_require_members(doctype, kept, dropped, pairs)
		logs = [log for one, other in pairs for log in _merge(PERSON, one, other)]
		logs += _merge(doctype, kept, dropped)
		# The last trace is the merge that was asked for; what it made necessary is part of it.
		for log in logs[:-1]:
			if not frappe.db.get_value(LOG, log, "part_of"):
				frappe.db.set_value(LOG, log, "part_of", logs[-1])
	return {"kept": kept, "log": logs[-1], "moved": json.loads(frappe.db.get_value(LOG, logs[-1], "moved"))}


@contextmanager
def _all_or_nothing():
	frappe.db.savepoint(_SAVEPOINT)
	try:
		yield
	except Exception:
		frappe.db.rollback(save_point=_SAVEPOINT)
		# Cached documents may hold what has been undone.
		frappe.local.document_cache = {}
		raise
	frappe.db.release_savepoint(_SAVEPOINT)


def _require_doctype(doctype: str) -> None:
	if doctype not in (FAMILY, PERSON):
		frappe.throw(_("Only persons and dossiers can be merged"), frappe.PermissionError)


def _require_members(doctype: str, kept: str, dropped: str, pairs: list[tuple[str, str]]) -> None:
	"""Persons named along with two dossiers are members of them: the list comes from a request."""
	if not pairs:
		return
	merge_rules.require_two(doctype, kept, dropped)
	ours, theirs = (
		set(frappe.get_all("Family Member", filters={"parent": name, "parenttype": FAMILY}, pluck="person"))
		for name in (kept, dropped)
	)
	for one, other in pairs:
		if one not in ours or other not in theirs:
			frappe.throw(
				_("{0} and {1} are not members of these dossiers").format(one, other), frappe.PermissionError
			)


def _merge(doctype: str, kept: str, dropped: str) -> list[str]:
	merge_rules.require_two(doctype, kept, dropped)
	# Both rows stay ours until the end; always in the same order, so that two merges don't wait for each other.
	for name in sorted((kept, dropped)):
		frappe.db.get_value(doctype, name, "name", for_update=True)
	merge_rules.guards(doctype, kept, dropped)
	ours, theirs = frappe.get_doc(doctype, kept), frappe.get_doc(doctype, dropped)
	merge_rules.refuse(_conflicts(ours, theirs))
	steps = _family_steps if doctype == FAMILY else _person_steps
	moved, logs, names = steps(ours, theirs)
	moved += Counter(merge_parts.counted(links.move(doctype, dropped, kept)))
	moved["Duplicate Decision"] += decisions.follow_merge(doctype, dropped, kept)
	merge_parts.join_columns(doctype, kept, dropped)
	log = _trace(ours, theirs, dict(moved))
	merge_parts.delete(theirs)
	_refresh(doctype, ours, dropped, names)
	return [*logs, log]


def _family_steps(kept, dropped) -> tuple[Counter, list[str], list[str]]:
	again = merge_parts.known_again(kept.name, dropped.name)
	logs = merge_parts.join_payers(kept.name, dropped.name, _trace)
	moved = Counter()
	moved["Family Member"], _changed = merge_parts.join_members(kept, dropped)
	merge_parts.write(FAMILY, kept.name, _family_values(kept, dropped))
	moved["Quotient (again)"] = merge_parts.record_again(kept.name, again)
	return moved, logs, []


def _family_values(kept, dropped) -> dict[str, Any]:
	values = merge_parts.fill_empty(kept, dropped, skip=frozenset({"status", "family_name"}))
	if dropped.status == "Active" != kept.status:
		values["status"] = "Active"
	return values


def _person_steps(kept, dropped) -> tuple[Counter, list[str], list[str]]:
	logs = merge_parts.join_payers_of_person(kept.name, dropped.name, _trace)
	health, health_logs = unite.join_records(kept.name, dropped.name, _trace)
	logs += health_logs
	moved = health + Counter({"Family Member": merge_parts.join_memberships(kept.name, dropped.name)})
	values = merge_parts.fill_empty(kept, dropped, skip=frozenset({"different_from"}))
	if dropped.phone and kept.phone and not kept.phone_2 and dropped.phone not in (kept.phone, kept.phone_2):
		values["phone_2"] = dropped.phone
	merge_parts.write(PERSON, kept.name, values)
	# Families of the dropped person whose copies of the name have to follow.
	families = frappe.get_all(
		"Family Member", filters={"person": ("in", [kept.name, dropped.name])}, pluck="parent"
	)
	return moved, logs, sorted(set(families))


def _refresh(doctype: str, kept, dropped: str, families: list[str]) -> None:
	"""Copies and caches that follow: names in families, address blocks, the index."""
	if doctype == PERSON:
		full_name, birth_date = frappe.db.get_value(PERSON, kept.name, ("full_name", "birth_date"))
		frappe.db.set_value(
			"Family Member",
			{"person": kept.name},
			{"full_name": full_name, "birth_date": birth_date},
			update_modified=False,
		)
	else:
		families = [kept.name]
		quotients.rename_family(kept.name, kept.family_name)
	for family in families:
		members.refresh_people(family)
		payers.refresh_recipients(family)
	for name in (kept.name, dropped):
		frappe.clear_document_cache(doctype, name)
	search_index.index(
		families=[*families, dropped] if doctype == FAMILY else families,
		persons=[kept.name, dropped] if doctype == PERSON else [],
	)


# ---------------------------------------------------------------- the trace


def _trace(kept, dropped, moved: dict[str, int], snapshot: dict[str, Any] | None = None) -> str:
	"""Keep who, when and the dropped record as it was; a comment on the kept one says so too."""
	title = dropped.get(TITLE[dropped.doctype]) or dropped.name
	# A trace belongs to the merge; nobody writes one by hand.
	log = frappe.get_doc(
		{
			"doctype": LOG,
			"reference_doctype": kept.doctype,
			"kept": kept.name,
			"kept_title": kept.get(TITLE[kept.doctype]) or kept.name,
			"dropped": dropped.name,
			"dropped_title": title,
			"merged_by": frappe.session.user,
			"merged_at": now_datetime(),
			"moved": frappe.as_json({key: number for key, number in moved.items() if number}),
			"snapshot": frappe.as_json(snapshot or dropped.as_dict(no_nulls=True)),
		}
	).insert(ignore_permissions=True)
	kept.add_comment(
		"Info",
		_("{0} ({1}) was merged into this record. See {2}").format(title, dropped.name, log.name),
	)
	return log.name


def kept_for(doctype: str, name: str) -> str | None:
	"""Which record a name that was merged away leads to now; None if it never was one."""
	seen, current = set(), name
	while current not in seen:
		seen.add(current)
		following = frappe.db.get_value(LOG, {"reference_doctype": doctype, "dropped": current}, "kept")
		if not following:
			break
		current = following
	return current if current != name else None


def _persons(kept: str, dropped: str) -> tuple:
	return frappe.get_doc(PERSON, kept), frappe.get_doc(PERSON, dropped)
