"""Letters leave the house: each once, in the order of the post, with proof; after a kill it goes on."""

from io import BytesIO
from pathlib import Path

import frappe
import pytest
from pypdf import PdfReader

from concerto_education.billing import pdf
from concerto_education.billing.paper import template
from concerto_education.billing.posting import batch, emails, figures, plan, printing
from concerto_education.billing.posting.errors import (
	BatchNotReady,
	NothingToPost,
	PostingIsWritten,
	RunNotIssued,
)
from tests import billing_builders as b
from tests import posting_builders
from tests.posting_builders import content, numbers_in, postings, printed, statuses


@pytest.fixture(autouse=True)
def one_transaction(one_billing_transaction, monkeypatch, tmp_path):
	"""Nothing is committed."""
	yield from posting_builders.in_one_transaction(monkeypatch, tmp_path)


@pytest.fixture
def town():
	return posting_builders.town()


def test_the_batch_holds_who_did_not_choose_email_and_nobody_under_the_threshold(town):
	"""R35: one file, three letters; the two of the e-mail and the one en mairie are not in it."""
	name = printed(town.run)
	found = numbers_in(content(name))
	by_post = [home.payer for home in town.homes[2:5]]
	numbers = frappe.get_all("Invoice", {"payer": ("in", by_post)}, pluck="number")
	assert sorted(found) == sorted(numbers)
	assert {row.state for row in postings(town.run, channel="Post")} == {"Printed"}
	doc = frappe.get_doc("Print Batch", name)
	assert (doc.status, doc.letters, doc.pages, doc.failed) == ("Ready", 3, 3, 0)


def test_letters_lie_in_the_order_of_the_post(town):
	"""By postcode, then town, then name; or by name; or by number."""
	names = frappe.get_all("Invoice", {"billing_run": town.run}, pluck="name", order_by="number")
	for invoice, place in zip(names, ("86990 ZOUE", "17000 LA ROCHELLE", "86000 POITIERS"), strict=False):
		frappe.db.set_value("Invoice", invoice, "recipient", f"Mme X\n1 rue Y\n{place}")
	for home in town.homes[:2]:
		frappe.db.set_value("Payer", home.payer, "invoice_by", "Post")
	printed(town.run)
	rows = postings(town.run, channel="Post")
	places = [frappe.db.get_value("Invoice", row.invoice, "recipient").splitlines()[-1] for row in rows]
	assert [row.position for row in rows] == list(range(1, 6))
	assert places == sorted(places)


def test_the_invoice_is_sent_when_the_post_has_it_and_not_before(town):
	name = printed(town.run)
	assert set(statuses(town.run).values()) == {"Issued", "Held"}
	assert batch.hand_over(name) == 3
	found = statuses(town.run)
	assert [found[home.payer] for home in town.homes] == ["Issued"] * 2 + ["Sent"] * 3 + ["Held"]
	assert {row.state for row in postings(town.run, channel="Post")} == {"Sent"}
	with pytest.raises(BatchNotReady):
		batch.hand_over(name)


def test_a_second_batch_finds_nothing_left(town):
	printed(town.run)
	with pytest.raises(NothingToPost):
		batch.begin(town.run)


def test_drafts_are_not_printed():
	home = b.household()
	b.attend(b.enrol(home, b.canteen()), b.SEPTEMBER[:7])
	run = b.compute()
	with pytest.raises(RunNotIssued):
		batch.begin(run.name)
	with pytest.raises(RunNotIssued):
		emails.begin(run.name)


def test_a_batch_that_was_killed_goes_on_with_the_parts_that_are_missing(town, monkeypatch):
	"""The worker dies in the second of three parts: what is done stays, the file is made once and is complete."""
	monkeypatch.setattr(batch, "PART", 1)
	name = batch.begin(town.run)
	printing.print_part(name, 1)
	written = printing.part_path(name, 1).read_bytes()

	def die(*args):
		raise KeyboardInterrupt

	with monkeypatch.context() as dying:
		dying.setattr(printing, "_write", die)
		with pytest.raises(KeyboardInterrupt):
			printing.print_part(name, 2)
	assert printing.missing_parts(name, 3) == [2, 3]
	assert printing.go_on(name) == 2
	for part in (1, 2, 3):  # the first comes a second time, as a job may
		printing.print_part(name, part)
		if part == 1:
			assert printing.part_path(name, 1).read_bytes() == written
	assert frappe.db.get_value("Print Batch", name, "status") == "Ready"
	assert len(numbers_in(content(name))) == len(set(numbers_in(content(name)))) == 3
	assert not printing.folder(name).exists()
	assert printing.go_on(name) == 0


def test_one_that_cannot_be_printed_is_listed_and_the_others_are_printed(town, monkeypatch):
	"""And it is tried again with the next batch."""

	plan.plan_run(town.run, plan.POST)
	bad = postings(town.run, channel="Post")[0].invoice
	original = pdf.body_of

	def body(invoice, paper):
		if invoice.name == bad:
			raise template.TemplateFailed("no such field")
		return original(invoice, paper)

	with monkeypatch.context() as broken:
		broken.setattr(pdf, "body_of", body)
		name = printed(town.run)
	assert frappe.db.get_value("Print Batch", name, ["failed", "pages"]) == (1, 2)
	assert figures.of_run(town.run)["failed"][0].error == "no such field"
	again = printed(town.run)
	assert numbers_in(content(again)) == [frappe.db.get_value("Invoice", bad, "number")]


def test_printed_on_both_sides_each_letter_begins_on_a_sheet_of_its_own(town):
	name = printed(town.run, two_sided=True)
	pages = PdfReader(BytesIO(content(name))).pages
	assert len(pages) == 6
	assert [bool(page.extract_text().strip()) for page in pages] == [True, False] * 3


def test_chosen_invoices_are_printed_as_copies(town):
	printed(town.run)
	invoice = postings(town.run, channel="Post")[0].invoice
	name = batch.begin_selected([invoice])
	printing.print_here(name)
	rows = frappe.get_all(
		"Posting", {"invoice": invoice}, ["copy_number"], order_by="copy_number", pluck="copy_number"
	)
	assert rows == [0, 1]
	assert figures.of_run(town.run)["post"]["Printed"] == 3  # a copy is no letter of the run


def test_the_file_is_private_and_belongs_to_the_batch(town):
	name = printed(town.run)
	files = frappe.get_all(
		"File", {"attached_to_doctype": "Print Batch", "attached_to_name": name}, pluck="name"
	)
	assert len(files) == 1  # and no copy of it anywhere else
	file = frappe.get_doc("File", files[0])
	assert file.is_private
	assert file.file_url.startswith("/private/files/")
	assert not list(Path(frappe.get_site_path("public", "files")).glob(f"*{name}*"))


def test_old_files_are_deleted_and_their_batches_stay(town):
	name = printed(town.run)
	assert printing.forget_old_files() == 0
	frappe.db.set_value("Print Batch", name, "finished_at", "2026-01-01 10:00:00")
	frappe.db.set_single_value("Authority Settings", "print_files_days", 90)
	path = Path(frappe.get_site_path(frappe.db.get_value("Print Batch", name, "file").lstrip("/")))
	assert printing.forget_old_files() == 1
	assert not path.exists()
	assert frappe.db.get_value("Print Batch", name, ["file", "letters"]) == (None, 3)


def test_postings_and_batches_are_not_written_or_deleted_by_hand(town):
	name = printed(town.run)
	posting = frappe.get_doc("Posting", postings(town.run)[0].name)
	for attempt in (posting.save, posting.delete, frappe.get_doc("Print Batch", name).delete):
		with pytest.raises(PostingIsWritten):
			attempt()


def test_the_database_refuses_a_second_first_posting(town):
	plan.plan_run(town.run, plan.POST)
	before = len(postings(town.run))
	row = postings(town.run)[0]
	plan.write(
		[frappe._dict(name=row.invoice, title="x", channel="Post", payer=row.payer, billing_run=town.run)]
	)
	assert len(postings(town.run)) == before


def test_a_thousand_letters_cost_the_same_questions_as_ten(town, monkeypatch):
	"""Planning and assigning are a constant number of statements for each five hundred letters."""
	counted = []
	original = frappe.db.sql
	monkeypatch.setattr(
		frappe.db, "sql", lambda *args, **values: counted.append(1) or original(*args, **values)
	)
	plan.plan_run(town.run, plan.POST)
	assert len(counted) <= 3
