"""Lists of quotients from the CAF and MSA: R14, R39."""

import frappe
import pytest

from concerto_education.authority import roles
from concerto_education.families import errors, service
from concerto_education.families.quotient_import import api, report
from concerto_education.families.quotient_import import service as imports
from tests.builders import child, family, insert, member, person, quotient, serial, user

HEAD = "N° allocataire;Nom;Prénom;Date de naissance;QF;Date de début;Date de fin\n"
FROM, TO = "01/01/2027", "31/08/2027"


def number() -> str:
	return f"7{serial():06d}"


def listed(text: str | bytes, **values):
	"""An import of this file, looked at."""
	content = text if isinstance(text, bytes) else text.encode()
	file = frappe.get_doc(
		{"doctype": "File", "file_name": f"liste-{serial()}.csv", "content": content, "is_private": 1}
	).insert()
	doc = insert("Quotient Import", file=file.file_url, **values)
	api.preview(doc.name)
	doc.reload()
	return doc


def lines(doc) -> list:
	return frappe.get_all(
		"Quotient Import Line", filters={"quotient_import": doc.name}, fields=["*"], order_by="line asc"
	)


def statuses(doc) -> list[str]:
	return [row.status for row in lines(doc)]


def history(of) -> list[tuple[str, str, str]]:
	return [
		(str(record.value.normalize()), str(record.span.start), record.source)
		for record in service.quotient_histories([of.name])[of.name].records
		if not record.is_unknown
	]


def test_r14_a_family_is_found_by_its_number_and_the_quotient_is_added():
	caf = number()
	doc = family(beneficiary_number=caf)
	quotient(doc, 500, valid_from="2026-09-01")
	made = listed(HEAD + f"{caf} A;;;;642,50;{FROM};{TO}\n")
	assert (made.status, made.encoding, made.separator) == ("Previewed", "UTF-8", ";")
	assert statuses(made) == ["New"]
	assert "500" in lines(made)[0].message, "what it would replace"
	assert len(history(doc)) == 1, "a preview adds nothing"
	api.apply(made.name)
	assert history(doc) == [("5E+2", "2026-09-01", "CDAP (CAF)"), ("642.5", "2027-01-01", "CDAP (CAF)")]
	(row,) = lines(made)
	assert (row.status, frappe.db.get_value("Quotient", row.quotient, "family")) == ("Added", doc.name)
	made.reload()
	assert (made.status, made.applied_by) == ("Applied", "Administrator")


def test_r14_else_by_name_and_birth_date_of_parent_or_child():
	mother = person("Lefèvre", "Zoé", birth_date="1988-03-14", usage_name="Martin")
	kid = child("Lefèvre", "Léo", birth_date="2019-05-05")
	doc = family(member(mother, "Representative 1"), member(kid))
	made = listed(
		HEAD.replace("N° allocataire;", "")
		+ f"MARTIN;zoe;14/03/1988;640;{FROM};30/04/2027\nLEFEVRE;LEO;2019-05-05;650;01/05/2027;{TO}\n"
	)
	assert [(row.status, row.family) for row in lines(made)] == [("New", doc.name)] * 2


def test_every_kind_of_line_is_told_and_the_good_ones_are_taken():
	good, twice, other = number(), number(), number()
	doc = family(beneficiary_number=good)
	for _copy in range(2):
		family(beneficiary_number=twice)
	family(member(person("Connu", "Ana"), "Representative 1"), beneficiary_number=other)
	text = HEAD + "\n".join(
		[
			f"{good};;;;640;{FROM};{TO}",
			f"{twice};;;;640;{FROM};{TO}",
			f"0000{serial():09d}999;;;;640;{FROM};{TO}",
			f"{other};INCONNU;Eva;;640;{FROM};{TO}",
			f"{good};;;;-5;{FROM};{TO}",
			f"{good};;;;abc;{FROM};{TO}",
			f"{good};;;;640;31/02/2027;{TO}",
			f"{good};;;;640;{TO};{FROM}",
			f"{good};;;;640",
			f"{good};;;;640;{FROM};{TO}",
		]
	)
	made = listed(text)
	assert statuses(made) == [
		"New",
		"Ambiguous",
		"No Dossier",
		"Name Differs",
		"Bad Value",
		"Bad Value",
		"Bad Date",
		"Bad Date",
		"Wrong Columns",
		"Repeated",
	]
	assert all(row.message for row in lines(made))
	assert "la valeur ne peut pas être négative" in lines(made)[4].message
	api.apply(made.name)
	assert history(doc) == [("6.4E+2", "2027-01-01", "CDAP (CAF)")]


def test_a_broken_line_is_left_out_and_the_good_ones_are_taken():
	first, second = number(), number()
	one, other = family(beneficiary_number=first), family(beneficiary_number=second)
	content = (
		HEAD.encode()
		+ f"{first};;Zoé;;610;{FROM};{TO}\n".encode()
		+ f"{second};;No\u00ebl;;620;{FROM};{TO}\n".encode("cp1252")
	)
	made = listed(content)
	assert statuses(made) == ["New", "Broken Encoding"]
	api.apply(made.name)
	assert (len(history(one)), history(other)) == (1, [])


def test_a_list_from_excel_in_windows_1252():
	doc = family(member(person("Noël", "Zoé", birth_date="1988-03-14"), "Representative 1"))
	made = listed((HEAD + f";NOËL;Zoé;14/03/1988;1 234,56;{FROM};{TO}\r\n").encode("cp1252"))
	assert (made.encoding, statuses(made)) == ("Windows-1252", ["New"])
	api.apply(made.name)
	assert history(doc) == [("1234.56", "2027-01-01", "CDAP (CAF)")]


@pytest.mark.parametrize(
	("text", "word"),
	[
		(b"Nom;Pr\xc3\xa9nom;Date de naissance\nA;B;01/01/1990\n", "Quotient familial. Colonnes trouvées"),
		(b"Nom;QF\nA;640\n", "Num"),
		(b"PK\x03\x04xlsx", "classeur"),
		(b"\n", "vide"),
		(b"N;Q\x00F\n", "texte"),
	],
)
def test_a_file_that_is_no_list_is_refused_in_french(text, word):
	made = listed(text)
	assert made.status == "Refused"
	assert word in made.refusal
	assert lines(made) == []
	with pytest.raises(errors.ImportNotPreviewed):
		api.apply(made.name)


def test_a_column_with_another_heading_is_named_by_hand():
	caf = number()
	family(beneficiary_number=caf)
	made = listed(f"Identifiant;Montant\n{caf};640\n")
	assert made.status == "Refused"
	made.columns[0].meaning, made.columns[1].meaning = "Beneficiary Number", "Quotient"
	made.save()
	assert made.status == "Draft"
	api.preview(made.name)
	assert statuses(made) == ["New"]


def test_r14_the_same_file_again_changes_nothing():
	caf = number()
	doc = family(beneficiary_number=caf)
	text = HEAD + f"{caf};;;;640;{FROM};{TO}\n"
	api.apply(listed(text).name)
	again = listed(text)
	assert statuses(again) == ["Unchanged"]
	api.apply(again.name)
	assert len(history(doc)) == 1
	# Also when somebody has recorded another one since: the list is the old one.
	quotient(doc, 700, valid_from="2027-02-01", valid_to="2027-08-31")
	assert statuses(listed(text)) == ["Unchanged"]
	# A new list that says the same as before is news.
	assert statuses(listed(text + "\n;;;;;;\n")) == ["New"]


def test_r14_what_holds_already_is_not_added_again():
	caf = number()
	doc = family(beneficiary_number=caf)
	quotient(doc, 640, valid_from="2026-09-01", valid_to="2027-08-31")
	assert statuses(listed(HEAD + f"{caf};;;;640,00;{FROM};{TO}\n")) == ["Unchanged"]
	assert statuses(listed(HEAD + f"{caf};;;;640;{FROM};30/09/2027\n")) == ["New"], "it goes on longer"


def test_r14_two_quotients_for_the_same_days_are_nobodys_guess():
	caf = number()
	family(beneficiary_number=caf)
	made = listed(HEAD + f"{caf};;;;640;{FROM};{TO}\n{caf};;;;650;{FROM};{TO}\n")
	assert statuses(made) == ["Ambiguous", "Ambiguous"]
	assert "2" in lines(made)[1].message and "3" in lines(made)[0].message


def test_dates_and_source_by_default_and_from_the_line():
	caf = number()
	doc = family(beneficiary_number=caf)
	made = listed(f"Matricule;QF;Régime\n{caf};640;MSA\n", valid_from="2027-01-01", source="CDAP (CAF)")
	api.apply(made.name)
	row = frappe.get_last_doc("Quotient", {"family": doc.name})
	assert (str(row.valid_from), str(row.valid_to), row.source) == ("2027-01-01", "2027-08-31", "MSA")
	assert made.name in row.note


def test_a_person_chooses_the_dossier_of_a_line_that_was_not_found():
	doc = family()
	made = listed(HEAD + f";PERDU;Ana;01/01/1990;640;{FROM};{TO}\n;PERDU;Eva;01/01/1990;x;{FROM};{TO}\n")
	lost, bad = lines(made)
	api.choose_family(lost.name, doc.name)
	assert statuses(made) == ["New", "Bad Value"]
	with pytest.raises(errors.ImportIsApplied):
		api.choose_family(bad.name, doc.name)
	api.apply(made.name)
	assert len(history(doc)) == 1


def test_an_archived_dossier_is_not_found():
	caf = number()
	family(beneficiary_number=caf, status="Archived")
	assert statuses(listed(HEAD + f"{caf};;;;640;{FROM};{TO}\n")) == ["No Dossier"]


def test_a_line_that_a_rule_refuses_does_not_stop_the_others(monkeypatch):
	numbers = [number() for _ in range(3)]
	families = [family(beneficiary_number=caf) for caf in numbers]
	made = listed(HEAD + "".join(f"{caf};;;;640;{FROM};{TO}\n" for caf in numbers))
	from concerto_education.families import quotients

	check = quotients.check

	def picky(doc):
		if doc.family == families[1].name:
			frappe.throw("Non", errors.InvalidQuotient)
		check(doc)

	monkeypatch.setattr(quotients, "check", picky)
	api.apply(made.name)
	assert statuses(made) == ["Added", "Failed", "Added"]
	assert lines(made)[1].message == "Non"


def test_a_long_list_is_added_by_a_job_that_goes_on_where_it_was_cut(monkeypatch):
	numbers = [number() for _ in range(5)]
	families = [family(beneficiary_number=caf) for caf in numbers]
	made = listed(HEAD + "".join(f"{caf};;;;640;{FROM};{TO}\n" for caf in numbers))
	jobs, kept = [], []
	monkeypatch.setattr(imports, "AT_ONCE", 3)
	monkeypatch.setattr(imports, "CHUNK", 2)
	monkeypatch.setattr(frappe, "enqueue", lambda run, **values: jobs.append(values))
	monkeypatch.setattr(imports, "checkpoint", lambda: kept.append(len(kept)))
	assert api.apply(made.name)["in_job"]
	assert jobs[0]["job_id"] == f"quotient_import::{made.name}"
	add = imports._add

	def cut(name, done):
		if len(kept) == 1:
			raise KeyboardInterrupt
		add(name, done)

	monkeypatch.setattr(imports, "_add", cut)
	with pytest.raises(KeyboardInterrupt):
		imports.run(made.name, in_job=True)
	monkeypatch.setattr(imports, "_add", add)
	assert statuses(made).count("Added") == 2
	imports.run(made.name, in_job=True)
	assert statuses(made) == ["Added"] * 5
	assert [len(history(doc)) for doc in families] == [1] * 5
	made.reload()
	assert made.status == "Applied"


def test_what_was_applied_stays_as_it_is():
	caf = number()
	family(beneficiary_number=caf)
	made = listed(HEAD + f"{caf};;;;640;{FROM};{TO}\n")
	api.apply(made.name)
	made.reload()
	made.source = "MSA"
	with pytest.raises(errors.ImportIsApplied):
		made.save()
	with pytest.raises(errors.ImportIsApplied):
		api.preview(made.name)


def test_a_form_cannot_say_that_a_list_was_looked_at():
	made = listed(HEAD + "1;;;;;;\n", valid_from="2027-01-01")
	made.status = "Applied"
	made.save()
	assert made.status == "Previewed"
	with pytest.raises(errors.QuotientEndsBeforeStart):
		made.update({"valid_from": "2027-02-01", "valid_to": "2027-01-01"}).save()


def test_the_report_says_line_by_line_what_was_done_and_holds_no_formula():
	caf = number()
	family(beneficiary_number=caf)
	made = listed(HEAD + f"{caf};;;;640;{FROM};{TO}\n;=1+1;@x;;-1;{FROM};{TO}\n")
	api.apply(made.name)
	text = report.lines_of(made.name).decode("utf-8-sig").splitlines()
	assert len(text) == 3
	assert text[1].split(";")[1] == "Ajouté"
	assert "01/01/2027" in text[1]
	assert "'=1+1" in text[2] and "'@x" in text[2] and "'-1" in text[2]


def test_the_model_is_understood_by_the_import():
	made = listed(report.template())
	assert made.status == "Previewed"
	assert [row.value for row in lines(made)] == ["642,50", "1105"]
	assert statuses(made) == ["No Dossier", "No Dossier"], "two lines of nobody"


@pytest.mark.parametrize(
	("role", "may"),
	[
		(roles.SCHOOL_ADMINISTRATOR, True),
		(roles.AREA_MANAGER, True),
		(roles.SCHOOL_COORDINATOR, False),
		(roles.SEASONAL_CLERK, False),
		(roles.FINANCE_CLERK, False),
	],
)
def test_administrators_import_lists(role, may):
	made = listed(HEAD + f"{number()};;;;640;{FROM};{TO}\n")
	frappe.set_user(user(role))
	for call in (api.preview, api.apply):
		if may:
			call(made.name)
			continue
		with pytest.raises(frappe.PermissionError):
			call(made.name)


def test_somebody_elses_private_file_stays_private():
	secret = frappe.get_doc(
		{"doctype": "File", "file_name": "secret.csv", "content": b"nom;qf\na;1\n", "is_private": 1}
	).insert()
	frappe.set_user(user(roles.SCHOOL_ADMINISTRATOR))
	with pytest.raises(frappe.PermissionError):
		insert("Quotient Import", file=secret.file_url)
