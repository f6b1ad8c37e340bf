"""Invoices leave the house: each once, by the way that its payer chose, with proof; after a kill it goes on."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path

import frappe
import pytest
from pypdf import PdfReader

from concerto_education.billing import pdf
from concerto_education.billing.paper import template
from concerto_education.billing.posting import batch, emails, figures, plan, printing, results
from concerto_education.billing.posting.errors import (
	BatchNotReady,
	NoMailAccount,
	NothingToPost,
	PostingIsWritten,
	RunNotIssued,
)
from concerto_education.families.errors import ConsentInFuture
from tests import billing_builders as b


@pytest.fixture(autouse=True)
def one_transaction(one_billing_transaction, monkeypatch, tmp_path):
	"""Nothing is committed, and files stay in a folder of the test."""
	for doctype in ("Posting", "Print Batch", "Email Queue", "Email Queue Recipient"):
		frappe.db.delete(doctype)
	for module in (printing, emails):
		monkeypatch.setattr(module, "checkpoint", lambda: None)
	monkeypatch.setattr(printing, "folder", lambda name: tmp_path / name)
	monkeypatch.setattr(frappe, "publish_realtime", lambda *args, **kwargs: None)
	emails.seed()
	yield
	for path in frappe.get_all("File", {"attached_to_doctype": "Print Batch"}, pluck="file_url"):
		Path(frappe.get_site_path(path.lstrip("/"))).unlink(missing_ok=True)


def choose_email(payer: str, address: str = "famille@exemple.fr") -> None:
	frappe.db.set_value("Payer", payer, {"invoice_by": "E-mail", "email": address})


@pytest.fixture
def town():
	"""Five families above the threshold: two by e-mail, three by post; and one under it."""
	canteen = b.canteen()
	homes = [b.household(qf=512) for _ in range(6)]
	for home in homes:
		b.attend(b.enrol(home, canteen), b.SEPTEMBER[: 2 if home is homes[5] else 7])
	for number, home in enumerate(homes[:2]):
		choose_email(home.payer, f"famille{number}@exemple.fr")
	run = b.issue(b.compute())
	return frappe._dict(run=run.name, homes=homes)


def postings(run: str, **filters) -> list:
	return frappe.get_all(
		"Posting",
		filters={"billing_run": run, **filters},
		fields=["name", "invoice", "payer", "channel", "state", "address", "error", "position", "replaces"],
		order_by="position asc, name asc",
	)


def statuses(run: str) -> dict[str, str]:
	return dict(
		frappe.get_all("Invoice", filters={"billing_run": run}, fields=["payer", "status"], as_list=True)
	)


def printed(run: str, **options) -> str:
	name = batch.begin(run, **options)
	printing.print_here(name)
	return name


def content(name: str) -> bytes:
	url = frappe.db.get_value("Print Batch", name, "file")
	return Path(frappe.get_site_path(url.lstrip("/"))).read_bytes()


def numbers_in(pdf_bytes: bytes) -> list[str]:
	"""The numbers of the invoices, page by page."""
	found = []
	for page in PdfReader(BytesIO(pdf_bytes)).pages:
		words = page.extract_text().split()
		found.append(next(word for word in words if word.startswith("2026-0")))
	return found


# ---------------------------------------------------------------- post


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


# ---------------------------------------------------------------- e-mail


def sent_to() -> list[str]:
	return sorted(frappe.get_all("Email Queue Recipient", pluck="recipient"))


def test_who_chose_email_gets_one_with_the_invoice_attached(town):
	assert emails.begin(town.run) == 2
	emails.send_all(town.run)
	assert sent_to() == ["famille0@exemple.fr", "famille1@exemple.fr"]
	message = frappe.get_all("Email Queue", fields=["message"])[0].message
	assert "facture-2026-" in message
	assert "application/pdf" in message
	assert {row.state for row in postings(town.run, channel="E-mail")} == {"Queued"}


def test_nothing_is_sent_twice_whatever_runs_twice(town):
	emails.begin(town.run)
	names = [row.name for row in postings(town.run, channel="E-mail")]
	for name in [*names, *names]:
		emails.send(name)
	assert len(sent_to()) == 2
	with pytest.raises(NothingToPost):
		emails.begin(town.run)
	emails.send_all(town.run)
	assert len(sent_to()) == 2


def test_a_job_that_was_killed_goes_on_with_those_who_wait(town, monkeypatch):
	"""Message and posting are one transaction: the one at work when it died waits still, and is sent once."""
	emails.begin(town.run)
	first, second = (row.name for row in postings(town.run, channel="E-mail"))
	emails.send(first)
	frappe.db.savepoint("before_second")

	def die(*args, **values):
		raise KeyboardInterrupt

	with monkeypatch.context() as dying:
		dying.setattr(results, "mark", die)
		with pytest.raises(KeyboardInterrupt):
			emails.send(second)
	frappe.db.rollback(save_point="before_second")  # what the database does with a connection that is gone
	assert len(sent_to()) == 1
	assert emails.begin(town.run) == 1
	emails.send_all(town.run)
	assert len(sent_to()) == 2


def test_the_invoice_is_sent_when_the_message_has_left(town):
	emails.begin(town.run)
	emails.send_all(town.run)
	assert results.follow() == 0
	assert statuses(town.run)[town.homes[0].payer] == "Issued"
	frappe.db.set_value("Email Queue", {"reference_doctype": "Posting"}, "status", "Sent")
	assert results.follow() == 2
	assert [statuses(town.run)[home.payer] for home in town.homes[:3]] == ["Sent", "Sent", "Issued"]
	assert results.follow() == 0


def test_a_paid_invoice_that_leaves_stays_paid(town):
	frappe.db.set_value(
		"Invoice", {"payer": town.homes[0].payer}, {"status": "Paid", "open_status": "Issued"}
	)
	emails.begin(town.run)
	emails.send_all(town.run)
	frappe.db.set_value("Email Queue", {"reference_doctype": "Posting"}, "status", "Sent")
	results.follow()
	row = frappe.db.get_value("Invoice", {"payer": town.homes[0].payer}, ["status", "open_status"])
	assert row == ("Paid", "Sent")


def test_a_message_that_is_refused_is_listed_and_becomes_a_letter(town):
	emails.begin(town.run)
	emails.send_all(town.run)
	lost = postings(town.run, channel="E-mail")[0]
	queue = frappe.db.get_value("Posting", lost.name, "email_queue")
	frappe.db.set_value("Email Queue", queue, {"status": "Error", "error": "Traceback\n550 no such user"})
	results.follow()
	failed = figures.of_run(town.run)["failed"]
	assert [(row.name, row.error) for row in failed] == [
		(lost.name, "Le courriel a été refusé\u00a0: 550 no such user")
	]
	name = printed(town.run)
	assert frappe.db.get_value("Invoice", lost.invoice, "number") in numbers_in(content(name))
	letter = next(row for row in postings(town.run, channel="Post") if row.invoice == lost.invoice)
	assert (letter.state, letter.replaces) == ("Printed", lost.name)


@pytest.mark.parametrize("address", ["", "famille", "a@b@c"])
def test_an_address_that_cannot_be_one_becomes_a_letter_at_once(town, address):
	frappe.db.set_value("Payer", town.homes[0].payer, "email", address)
	emails.begin(town.run)
	emails.send_all(town.run)
	assert sent_to() == ["famille1@exemple.fr"]
	assert figures.of_run(town.run)["to_print"] == 4


def test_one_that_cannot_be_written_does_not_stop_the_others(town, monkeypatch):
	emails.begin(town.run)
	bad = postings(town.run, channel="E-mail")[0]
	original = pdf.render

	def render(invoices):
		if invoices[0].name == bad.invoice:
			raise template.TemplateFailed("no such field")
		return original(invoices)

	monkeypatch.setattr(pdf, "render", render)
	monkeypatch.setattr(frappe.db, "rollback", lambda *args, **values: None)
	emails.send_all(town.run)
	assert len(sent_to()) == 1
	assert frappe.db.get_value("Posting", bad.name, ["state", "error"]) == ("Failed", "no such field")


def test_without_an_account_nothing_is_begun(town, monkeypatch):
	monkeypatch.setattr(emails.mail, "can_send", lambda: False)
	with pytest.raises(NoMailAccount):
		emails.begin(town.run)
	assert not postings(town.run)


def test_the_chosen_print_format_is_that_of_the_batch_and_of_the_email(town, monkeypatch):
	"""R45."""
	html = template.OWN.read_text().replace("Comment payer", "Régler à Verrinay")
	copy = frappe.copy_doc(frappe.get_doc("Print Format", template.PRINT_FORMAT))
	copy.update({"standard": "No", "html": html})
	copy.insert(set_name=b.unique("Facture du Val"))
	frappe.db.set_single_value("Authority Settings", "invoice_print_format", copy.name)
	frappe.db.set_single_value("Authority Settings", "payment_instructions", "Par chèque")
	frappe.clear_document_cache("Authority Settings", "Authority Settings")
	name = printed(town.run)
	assert "Régler à Verrinay" in PdfReader(BytesIO(content(name))).pages[0].extract_text()
	attached = []
	monkeypatch.setattr(emails.mail, "send", lambda *args, **values: attached.extend(values["attachments"]))
	emails.begin(town.run)
	emails.send_all(town.run)
	page = PdfReader(BytesIO(attached[0]["fcontent"])).pages[0].extract_text()
	assert "Régler à Verrinay" in page
	frappe.clear_document_cache("Authority Settings", "Authority Settings")


def test_the_choice_of_email_has_a_date():
	home = b.household()
	payer = frappe.get_doc("Payer", home.payer)
	payer.update({"invoice_by": "E-mail", "email": "famille@exemple.fr"})
	payer.save()
	assert str(payer.email_consent_date) == frappe.utils.today()
	payer.email_consent_date = frappe.utils.add_days(frappe.utils.today(), 1)
	with pytest.raises(ConsentInFuture):
		payer.save()
	payer.reload()
	payer.invoice_by = "Post"
	payer.save()
	assert not payer.email_consent_date


# ---------------------------------------------------------------- proof


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


def test_amounts_in_the_message_are_what_is_due(town):
	invoice = frappe.get_doc("Invoice", {"payer": town.homes[0].payer})
	context = emails.context_of(invoice)
	assert context["total"].startswith("19,60")
	assert Decimal(str(invoice.total)) == Decimal("19.6")
