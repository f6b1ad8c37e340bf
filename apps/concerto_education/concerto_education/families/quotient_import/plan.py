"""What each line of a sheet would do: the preview. It writes nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import formatdate, get_first_day, getdate

from concerto_education.authority.money import decimal_of
from concerto_education.engine.ranges import DateRange
from concerto_education.families import quotients
from concerto_education.families.quotient_import import matching, reading, texts, values

NEW, UNCHANGED, REPEATED = "New", "Unchanged", "Repeated"
AMBIGUOUS, BAD_VALUE, BAD_DATE = "Ambiguous", "Bad Value", "Bad Date"


@dataclass
class Planned:
	"""One line and what becomes of it."""

	line: int
	status: str = NEW
	message: str = ""
	family: str | None = None
	family_label: str = ""
	value: str = ""
	source: str = ""
	valid_from: date | None = None
	valid_to: date | None = None
	beneficiary_number: str = ""
	last_name: str = ""
	first_name: str = ""
	birth_date: str = ""
	amount: Decimal | None = None

	def refuse(self, status: str, message: str) -> None:
		self.status, self.message = status, message

	@property
	def span(self) -> DateRange:
		return DateRange(self.valid_from, self.valid_to)


@dataclass(frozen=True)
class Defaults:
	"""What lines that say nothing of it get."""

	source: str
	valid_from: date
	valid_to: date | None

	@classmethod
	def of(cls, doc) -> Defaults:
		start = getdate(doc.valid_from) if doc.valid_from else get_first_day(getdate())
		return cls(doc.source, start, getdate(doc.valid_to) if doc.valid_to else None)


def make(sheet: reading.Sheet, meanings: list[str], defaults: Defaults, done: set[tuple]) -> list[Planned]:
	"""The plan of all lines. ``done``: what an earlier import of the same file has added already."""
	index = matching.load()
	plan = [_read(line, sheet, meanings, defaults, index) for line in sheet.lines]
	_compare_lines(plan)
	histories = quotients.histories({row.family for row in plan if row.status == NEW})
	for row in plan:
		if row.status == NEW:
			compare(row, histories[row.family], done)
	return plan


def _read(line, sheet, meanings, defaults: Defaults, index: matching.Index) -> Planned:
	row = Planned(line.number)
	cells = dict(zip(meanings, line.cells, strict=False))
	row.beneficiary_number = cells.get(reading.NUMBER, "")[:140]
	row.last_name = cells.get(reading.LAST_NAME, "")[:140]
	row.first_name = cells.get(reading.FIRST_NAME, "")[:140]
	row.birth_date = cells.get(reading.BIRTH_DATE, "")[:140]
	row.value = cells.get(reading.QUOTIENT, "")[:140]
	if line.problem == "Broken Encoding":
		row.refuse(line.problem, texts.broken_encoding())
	elif line.problem:
		row.refuse(line.problem, texts.wrong_columns(len(line.cells), len(sheet.headings)))
	elif _read_values(row, cells, defaults):
		_find(row, index)
	return row


def _read_values(row: Planned, cells: dict[str, str], defaults: Defaults) -> bool:
	row.source = values.source(cells.get(reading.SCHEME, ""), defaults.source)
	try:
		row.amount = values.quotient(row.value)
	except values.BadValue as error:
		row.refuse(BAD_VALUE, texts.of_value(error.reason, row.value))
		return False
	days = {}
	for name in (reading.VALID_FROM, reading.VALID_TO, reading.BIRTH_DATE):
		text = cells.get(name, "")
		try:
			days[name] = values.day(text)
		except ValueError:
			row.refuse(BAD_DATE, f"{texts.column(name)} : {texts.bad_date(text)}")
			return False
	row.valid_from = days[reading.VALID_FROM] or defaults.valid_from
	row.valid_to = days[reading.VALID_TO] or defaults.valid_to or quotients.school_year_of(row.valid_from).end
	if row.valid_to < row.valid_from:
		row.refuse(BAD_DATE, _("Valid To: it cannot be before “Valid From” (R14)"))
		return False
	return True


def _find(row: Planned, index: matching.Index) -> None:
	born = values.day(row.birth_date)
	match = index.find(row.beneficiary_number, row.last_name, row.first_name, born)
	labels = [index.labels[family] for family in match.families]
	if match.status == matching.FOUND:
		take(row, match.families[0], labels[0])
		row.message = _("Found by number") if match.by_number else _("Found by name and birth date")
	elif match.status == matching.AMBIGUOUS:
		row.refuse(AMBIGUOUS, _("Several dossiers fit: {0}").format(", ".join(labels)))
	elif match.status == matching.NAME_DIFFERS:
		row.family_label = labels[0]
		row.refuse(
			matching.NAME_DIFFERS,
			_("The number is that of {0}, where nobody is called {1}").format(labels[0], row.last_name),
		)
	else:
		row.refuse(
			matching.NOT_FOUND, _("No active dossier has this number, nor this name with this birth date")
		)


def take(row: Planned, family: str, label: str) -> None:
	row.family, row.family_label, row.status = family, label, NEW


def _compare_lines(plan: list[Planned]) -> None:
	"""Two lines of one family: the same again is left out; two quotients for the same days are nobody's guess."""
	by_family: dict[str, list[Planned]] = defaultdict(list)
	for row in plan:
		if row.status == NEW:
			by_family[row.family].append(row)
	for rows in by_family.values():
		for place, row in enumerate(rows):
			for other in rows[:place]:
				if not row.span.overlaps(other.span) or REPEATED in (row.status, other.status):
					continue
				if row.amount == other.amount and row.span == other.span:
					row.refuse(REPEATED, _("The same as line {0}").format(other.line))
				elif row.amount != other.amount:
					text = _("Lines {0} and {1} give two quotients for the same days").format(
						other.line, row.line
					)
					row.refuse(AMBIGUOUS, text)
					other.refuse(AMBIGUOUS, text)


def compare(row: Planned, history, done: set[tuple]) -> None:
	"""What holds already on all days of the line is not added again; nor is what this very file has added before."""
	if key(row) in done:
		row.refuse(UNCHANGED, _("Already added by an earlier import of this file"))
		return
	held = history.as_map().clip(row.span)
	same = all(record.value == row.amount for _span, record in held)
	if same and not held.gaps(row.span):
		row.refuse(UNCHANGED, _("This quotient holds already"))
		return
	now = next((record for _span, record in held), None)
	text = _("from {0} to {1}").format(formatdate(row.valid_from), formatdate(row.valid_to))
	if now and not now.is_unknown:
		text += " · " + _("instead of {0}").format(f"{now.value.normalize():f}".replace(".", ","))
	row.message = f"{row.message} · {text}"


def key(row: Planned) -> tuple:
	return row.family, row.amount, row.valid_from, row.valid_to


def added_before(digest: str) -> set[tuple]:
	"""What imports of a file with the same content have added."""
	Import, Line = frappe.qb.DocType("Quotient Import"), frappe.qb.DocType("Quotient Import Line")
	Quotient = frappe.qb.DocType("Quotient")
	rows = (
		frappe.qb.from_(Line)
		.join(Import)
		.on(Import.name == Line.quotient_import)
		.join(Quotient)
		.on(Quotient.name == Line.quotient)
		.select(Quotient.family, Quotient.value, Quotient.valid_from, Quotient.valid_to)
		.where((Import.digest == digest) & (Line.status == "Added"))
	).run()
	return {(family, decimal_of(value), start, end) for family, value, start, end in rows}
