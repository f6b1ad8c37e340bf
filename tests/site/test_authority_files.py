"""Files that leave: their names, and tables that run no formula."""

from types import SimpleNamespace

import pytest

from concerto_education.authority import headers, tables


@pytest.mark.parametrize(
	("before", "after"),
	[
		("b'filename=\"École.pdf\"'", 'filename="Ecole.pdf"'),
		('attachment; filename="x.csv"', 'attachment; filename="x.csv"'),
		(None, None),
	],
)
def test_a_header_that_came_as_bytes_is_text_again(before, after):
	if before and before.startswith("b'"):
		before = repr(before[2:-1].encode())
	answer = SimpleNamespace(headers={headers.NAME: before} if before else {})
	headers.mend(answer)
	assert answer.headers.get(headers.NAME) == after


def test_names_of_files_hold_what_every_system_can_keep():
	assert (
		headers.file_name("Liste du jour", "École du Gué – Cœur", ending="pdf")
		== "liste-du-jour-ecole-du-gue-coeur.pdf"
	)


@pytest.mark.parametrize("text", ["=1+1", "+33", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_looks_like_a_formula_is_a_text(text):
	assert tables.safe(text) == f"'{text}"


def test_numbers_and_dates_stay_what_they_are():
	from datetime import date

	rows = [["=x", -2, date(2026, 9, 1), None]]
	assert tables.csv_bytes(rows).decode("utf-8-sig") == "'=x;-2;01/09/2026;\r\n"
	assert tables.xlsx_bytes(rows, "Été: 1/2")[:2] == b"PK"
