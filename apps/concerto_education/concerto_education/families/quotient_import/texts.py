"""What is told about a file or a line, in words that say what to do."""

from __future__ import annotations

from frappe import _


def of_file(reason: str, **params) -> str:
	"""Why a file as a whole is refused."""
	texts = {
		"empty": _("The file is empty."),
		"no_line": _("The file has a heading and no line below it."),
		"one_column": _(
			"Only one column was found. The columns have to be separated by semicolons, tabs or commas."
		),
		"no_csv": _("The file is no CSV: a quotation mark is opened and never closed."),
		"spreadsheet": _("This is a spreadsheet, not a CSV. Open it and save it as “CSV (semicolon)”."),
		"binary": _("This is no text file. Export the list as CSV."),
		"too_large": _("The file is larger than 10 MB. Cut it in parts."),
		"too_long": _("The file has more than {limit} lines. Cut it in parts."),
		"missing_columns": _(
			"Missing column: {columns}. Columns found: {found}. Say below what each column means, or correct the heading."
		),
	}
	return texts[reason].format(**params)


def of_value(reason: str, text: str) -> str:
	"""Why a quotient is refused."""
	texts = {
		"empty": _("Quotient: the cell is empty"),
		"no_number": _("Quotient: “{0}” is not a number (R14)"),
		"negative": _("Quotient: the value cannot be negative (R14)"),
		"decimals": _("Quotient: “{0}” has more than two decimals"),
		"unknown": _("Quotient: 9999 means unknown, nothing is recorded"),
		"too_large": _("Quotient: “{0}” is too large, is it the right column?"),
	}
	return texts[reason].format(text)


def column(meaning: str) -> str:
	return _(meaning)


def broken_encoding() -> str:
	return _(
		"Letters of this line are broken. Save the file as UTF-8 or Windows-1252, or type this one by hand."
	)


def wrong_columns(number: int, expected: int) -> str:
	return _("{0} columns instead of {1}: a separator too many or too few").format(number, expected)


def bad_date(text: str) -> str:
	return _("“{0}” is not a date; write it as 01/09/2026").format(text)
