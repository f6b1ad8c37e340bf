"""Reading lists of quotients: encodings, separators, numbers and dates, without a database (R39)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerto_education.families.quotient_import import reading, values

HEAD = "N° allocataire;Nom;Prénom;QF\n"


@pytest.mark.parametrize(
	("content", "encoding"),
	[
		((HEAD + "123;Lefèvre;Zoé;640\n").encode("utf-8"), "UTF-8"),
		((HEAD + "123;Lefèvre;Zoé;640\n").encode("utf-8-sig"), "UTF-8"),
		((HEAD + "123;Lefèvre;Zoé;640\r\n").encode("cp1252"), "Windows-1252"),
		((HEAD + "123;Lefèvre;Zoé;640\n").encode("utf-16"), "UTF-16"),
		(b"matricule;nom;qf\n123;LEFEVRE;640\n", "UTF-8"),
	],
)
def test_the_encoding_is_found_out(content, encoding):
	sheet = reading.read(content)
	assert sheet.encoding == encoding
	assert sheet.lines[0].cells[1].upper() in ("LEFÈVRE", "LEFEVRE")
	assert not sheet.lines[0].problem


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_the_separator_is_found_out(sign):
	sheet = reading.read(sign.join(["matricule", "nom", "qf"]).encode() + b"\n" + sign.join("abc").encode())
	assert (sheet.separator, sheet.lines[0].cells) == (sign, ("a", "b", "c"))


def test_a_line_with_broken_letters_is_told_and_the_others_are_good():
	content = HEAD.encode() + "1;Noël;Zoé;1\n".encode() + b"2;No\xebl;X;2\n" + "3;Léa;Y;3\n".encode()
	sheet = reading.read(content)
	assert [line.problem for line in sheet.lines] == ["", "Broken Encoding", ""]
	assert sheet.lines[1].cells[1] == "No�l"
	lost = reading.read((HEAD + "2;No\ufffdl;X;2\n3;Lea;Y;3\n").encode())
	assert [line.problem for line in lost.lines] == ["Broken Encoding", ""]


def test_lines_keep_their_number_and_wrong_columns_are_told():
	sheet = reading.read(b"nom;qf\n\na;1;;\nb\nc;2;x\n")
	assert [(line.number, line.problem) for line in sheet.lines] == [
		(3, ""),
		(4, "Wrong Columns"),
		(5, "Wrong Columns"),
	]


@pytest.mark.parametrize(
	("content", "reason"),
	[
		(b"", "empty"),
		(b"  \n\n", "empty"),
		(b"nom;qf\n", "no_line"),
		(b"quotient\n640\n", "one_column"),
		(b"PK\x03\x04 and so on", "spreadsheet"),
		(b"nom;qf\n\x00\x01\x02", "binary"),
		(b"x" * (reading.MAX_BYTES + 1), "too_large"),
		(b"nom;qf\n" + b"a;1\n" * (reading.MAX_LINES + 1), "too_long"),
		(b'nom;qf\n"a;' + b"x" * 140_000, "no_csv"),
	],
)
def test_what_is_no_list_is_refused(content, reason):
	with pytest.raises(reading.UnreadableFile) as caught:
		reading.read(content)
	assert caught.value.reason == reason


def test_columns_are_known_by_their_headings():
	found = reading.meanings(["N° allocataire", "NOM", "Prénom", "Né(e) le", "Q.F.", "Qf", "Ville"])
	assert found == ["Beneficiary Number", "Family Name", "First Name", "Birth Date", "Quotient", "", ""]
	assert reading.missing(found) == []
	assert reading.missing(["Family Name", "First Name", "Birth Date", "Quotient"]) == []
	assert reading.missing(["Family Name", "Birth Date"]) == ["Quotient", "Beneficiary Number"]


@pytest.mark.parametrize(
	("text", "value"),
	[
		("640", "640"),
		("642,5", "642.5"),
		("1 234,56 €", "1234.56"),
		("1\u202f234,56", "1234.56"),
		("1.234,56", "1234.56"),
		("1,234.56", "1234.56"),
		("0", "0"),
		("349.99", "349.99"),
	],
)
def test_quotients_as_people_write_them(text, value):
	assert values.quotient(text) == Decimal(value)


@pytest.mark.parametrize(
	("text", "reason"),
	[
		("", "empty"),
		("abc", "no_number"),
		("nan", "no_number"),
		("inf", "no_number"),
		("-5", "negative"),
		("9999", "unknown"),
		("0612345678", "too_large"),
		("1,005", "decimals"),
	],
)
def test_what_is_no_quotient(text, reason):
	with pytest.raises(values.BadValue) as caught:
		values.quotient(text)
	assert caught.value.reason == reason


@given(st.decimals(0, 99998, places=2, allow_nan=False))
def test_every_quotient_survives_being_written_in_french(value):
	if value == 9999:
		return
	text = f"{value:,.2f}".replace(",", "\u00a0").replace(".", ",")
	assert values.quotient(text) == value


@pytest.mark.parametrize(
	("text", "day"),
	[
		("01/09/2026", date(2026, 9, 1)),
		("1.9.2026", date(2026, 9, 1)),
		("2026-09-01", date(2026, 9, 1)),
		("2026-09-01T00:00:00", date(2026, 9, 1)),
		("20260901", date(2026, 9, 1)),
		("09/2026", date(2026, 9, 1)),
		("202609", date(2026, 9, 1)),
		("29/02/2028", date(2028, 2, 29)),
		("", None),
	],
)
def test_days_as_lists_write_them(text, day):
	assert values.day(text) == day


@pytest.mark.parametrize("text", ["demain", "31/02/2026", "2026", "00/00/0000"])
def test_what_is_no_day(text):
	with pytest.raises(ValueError):
		values.day(text)


def test_the_scheme_of_a_line():
	assert values.source("MSA Poitou", "CDAP (CAF)") == "MSA"
	assert values.source("Régime général", "MSA") == "CDAP (CAF)"
	assert values.source("", "MSA") == "MSA"
