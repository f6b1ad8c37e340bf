"""The index of the search: the words of persons and dossiers in one table, kept up to date by each save.

Reads what is stored and replaces the keys of what changed, so that a save, a bulk load, a merge and the patch
all take the same way. Skips hooks and permissions on purpose: an index of everything, shown to nobody as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import frappe

from concerto_education.authority.bulk import insert_rows
from concerto_education.families import keys

KEY = "Family Search Key"
NAME, FIRST_NAME, PHONE, EMAIL, NUMBER, BIRTH, PLACE, PAYER = (
	"Name",
	"First Name",
	"Phone",
	"E-mail",
	"Number",
	"Birth Date",
	"Place",
	"Payer",
)
SOUNDING = frozenset({NAME, FIRST_NAME, PLACE})
BATCH = 2000
_COLUMNS = ("name", "family", "person", "kind", "word", "sound")
_ADDRESS = ("address_line1", "address_line2", "postcode", "town")


# ---------------------------------------------------------------- keeping it up to date


def index(families: Iterable[str] = (), persons: Iterable[str] = ()) -> None:
	"""Write the keys of these anew. Call it after writing families or persons in bulk; a save does it by itself."""
	for column, names, words_of in (("person", persons, _persons), ("family", families, _families)):
		for batch in _batches(names):
			frappe.db.delete(KEY, {column: ("in", batch)})
			_write(column, words_of(batch))


def rebuild() -> None:
	"""The whole index anew, from nothing: for the patch, and for an administrator who mistrusts it."""
	frappe.db.delete(KEY)
	for column, doctype, words_of in (("person", "Person", _persons), ("family", "Family", _families)):
		# Every record, whatever the user may read: what a search shows is decided when it shows it.
		for batch in _batches(frappe.get_all(doctype, pluck="name", order_by="name asc")):
			_write(column, words_of(batch))


def on_person_change(doc, method: str | None = None) -> None:
	index(persons=[doc.name])


def on_family_change(doc, method: str | None = None) -> None:
	index(families=[doc.name])


def on_payer_change(doc, method: str | None = None) -> None:
	if doc.family:  # a funder belongs to none
		index(families=[doc.family])


def on_organisation_change(doc, method: str | None = None) -> None:
	# All dossiers it pays for, whatever the user may read.
	index(
		families=frappe.get_all(
			"Payer",
			filters={"organisation": doc.name, "family": ("is", "set")},
			pluck="family",
			distinct=True,
		)
	)


def _batches(names: Iterable[str]) -> Iterator[list[str]]:
	wanted = list(dict.fromkeys(names))
	for start in range(0, len(wanted), BATCH):
		yield wanted[start : start + BATCH]


def _write(column: str, words: dict[str, set[tuple[str, str]]]) -> None:
	# The table is ours alone: no hook, no validation, and a load of 20,000 families writes a million rows.
	insert_rows(
		KEY,
		_COLUMNS,
		(
			(
				frappe.generate_hash(length=12),
				owner if column == "family" else None,
				owner if column == "person" else None,
				kind,
				word,
				(keys.sound(word) or None) if kind in SOUNDING else None,
			)
			for owner, found in words.items()
			for kind, word in sorted(found)
		),
	)


# ---------------------------------------------------------------- the words


def person_words(row) -> set[tuple[str, str]]:
	"""Kinds and words of one person, document or row."""
	found = {
		(NAME, word)
		for field in ("last_name", "usage_name", "spouse_name")
		for word in keys.name_words(row.get(field))
	}
	found |= {(FIRST_NAME, word) for word in keys.name_words(row.get("first_name"))}
	found |= {(PHONE, keys.phone(row.get(field))) for field in ("phone", "phone_2")}
	found.add((EMAIL, keys.email(row.get("email"))))
	if row.get("birth_date"):
		found.add((BIRTH, str(row.get("birth_date"))[:10]))
	return {pair for pair in found if pair[1]}


def _persons(names: list[str]) -> dict[str, set[tuple[str, str]]]:
	fields = (
		"last_name",
		"usage_name",
		"spouse_name",
		"first_name",
		"phone",
		"phone_2",
		"email",
		"birth_date",
	)
	rows = frappe.get_all("Person", filters={"name": ("in", names)}, fields=["name", *fields])
	return {row.name: person_words(row) for row in rows}


def _families(names: list[str]) -> dict[str, set[tuple[str, str]]]:
	fields = ("family_name", "beneficiary_number", "former_town", "phone", "email", *_ADDRESS)
	found = {}
	for row in frappe.get_all("Family", filters={"name": ("in", names)}, fields=["name", *fields]):
		words = {(NAME, word) for word in keys.name_words(row.family_name)}
		words |= {(NUMBER, word) for word in (*keys.numbers(row.beneficiary_number), *keys.numbers(row.name))}
		words |= {
			(PLACE, word) for word in keys.place_words(*(row[field] for field in _ADDRESS), row.former_town)
		}
		words |= {(PHONE, keys.phone(row.phone)), (EMAIL, keys.email(row.email))}
		found[row.name] = words
	for family, words in (*_payers(names), *_merged(names)):
		if family in found:
			found[family] |= words
	return {family: {pair for pair in words if pair[1]} for family, words in found.items()}


def _payers(names: list[str]) -> Iterator[tuple[str, set[tuple[str, str]]]]:
	"""Organisations, own addresses and e-mails of those who pay for a family."""
	fields = ["family", "payer_kind", "organisation", "recipient", "recipient_by_hand", "email", *_ADDRESS]
	# Names of all organisations: they are few, and a payer's address line may still say an older one.
	organisations = dict(frappe.get_all("Organisation", fields=["name", "organisation_name"], as_list=True))
	for row in frappe.get_all("Payer", filters={"family": ("in", names)}, fields=fields):
		words = {(PLACE, word) for word in keys.place_words(*(row[field] for field in _ADDRESS))}
		words.add((EMAIL, keys.email(row.email)))
		# A person is found by the person's own names; the civility would find everybody.
		if row.payer_kind == "Organisation" or row.recipient_by_hand:
			names_of_it = keys.place_words(row.recipient, organisations.get(row.organisation))
			words |= {(PAYER, word) for word in names_of_it}
		yield row.family, words


def _merged(names: list[str]) -> Iterator[tuple[str, set[tuple[str, str]]]]:
	"""Numbers and names of dossiers that were merged into these, directly or one after the other (R12)."""
	into: dict[str, list] = defaultdict(list)
	for row in frappe.get_all(
		"Merge Log", filters={"reference_doctype": "Family"}, fields=["kept", "dropped", "dropped_title"]
	):
		into[row.kept].append(row)
	for family in names:
		waiting, words = list(into.get(family, ())), set()
		while waiting:
			row = waiting.pop()
			words |= {(NUMBER, word) for word in keys.numbers(row.dropped)}
			words |= {(NAME, word) for word in keys.name_words(row.dropped_title)}
			waiting += into.pop(row.dropped, ())
		if words:
			yield family, words
