"""Invoices by e-mail: to who chose it, once, listed and posted where it fails; after a kill it goes on."""

from decimal import Decimal
from io import BytesIO

import frappe
import pytest
from pypdf import PdfReader

from concerto_education.billing import pdf
from concerto_education.billing.paper import template
from concerto_education.billing.posting import emails, figures, results
from concerto_education.billing.posting.errors import (
	NoMailAccount,
	NothingToPost,
)
from concerto_education.families.errors import ConsentInFuture
from tests import billing_builders as b
from tests import posting_builders
from tests.posting_builders import content, numbers_in, postings, printed, sent_to, statuses


@pytest.fixture(autouse=True)
def one_transaction(one_billing_transaction, monkeypatch, tmp_path):
	"""Nothing is committed."""
	yield from posting_builders.in_one_transaction(monkeypatch, tmp_path)


@pytest.fixture
def town():
	return posting_builders.town()


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


def test_amounts_in_the_message_are_what_is_due(town):
	invoice = frappe.get_doc("Invoice", {"payer": town.homes[0].payer})
	context = emails.context_of(invoice)
	assert context["total"].startswith("19,60")
	assert Decimal(str(invoice.total)) == Decimal("19.6")


def test_chosen_invoices_go_to_those_who_chose_email(town):
	"""Credit notes and what replaces a cancelled invoice belong to no run: they are chosen in the list."""
	names = frappe.get_all("Invoice", {"billing_run": town.run, "outcome": "To Send"}, pluck="name")
	assert emails.send_chosen(names) == 2
	assert sent_to() == ["famille0@exemple.fr", "famille1@exemple.fr"]


def test_one_that_was_cancelled_meanwhile_is_not_sent(town):
	"""R34: planned, then cancelled by a credit note: neither by e-mail nor by post."""
	emails.begin(town.run)
	for home in town.homes[:3]:
		frappe.db.set_value("Invoice", {"payer": home.payer}, "status", "Cancelled")
	emails.send_all(town.run)
	assert sent_to() == []
	name = printed(town.run)
	assert len(numbers_in(content(name))) == 2
