"""The buttons: print and send a run, one invoice, or chosen ones. Finance only.

Who may write a Billing Run (finance, super administrator) may print and send what comes out of it.
"""

from __future__ import annotations

import frappe
from frappe import _

from concerto_education.authority import inputs
from concerto_education.billing.posting import batch as batches
from concerto_education.billing.posting import emails, figures, plan, printing, results
from concerto_education.billing.posting.errors import NoAddress, NothingToPost, WrongPostingState
from concerto_education.families.rights import require

# One click prints or sends as many chosen invoices as a clerk can have looked at.
CHOSEN_LIMIT = 500
MAIL_LIMIT = 50


def _require_finance() -> None:
	require("Billing Run", "write")


@frappe.whitelist(methods=["GET", "POST"])
def standing(run: str) -> dict:
	"""Where the letters and e-mails of a run stand, for its form. Empty for who may not see postings."""
	frappe.get_doc("Billing Run", run).check_permission("read")
	if not frappe.has_permission("Posting", "read"):
		return {}
	return figures.of_run(run)


@frappe.whitelist(methods=["POST"])
def print_run(run: str, sort_by: str = "Postcode", two_sided: bool = False) -> str:
	"""Button "Imprimer le lot": one file of all letters of a run that wait."""
	frappe.get_doc("Billing Run", run).check_permission("write")
	return batches.begin(run, sort_by, two_sided)


@frappe.whitelist(methods=["POST"])
def send_run(run: str) -> int:
	"""Button "Envoyer par e-mail": to those who chose it. Also goes on after an interruption, nothing twice."""
	frappe.get_doc("Billing Run", run).check_permission("write")
	return emails.begin(run)


@frappe.whitelist(methods=["POST"])
def refresh_results(run: str) -> dict:
	"""What became of the e-mails meanwhile, then the figures."""
	frappe.get_doc("Billing Run", run).check_permission("write")
	results.follow()
	return figures.of_run(run)


@frappe.whitelist(methods=["GET", "POST"])
def batch_standing(batch: str) -> dict:
	"""Where a print batch stands, for its form."""
	doc = frappe.get_doc("Print Batch", batch)
	doc.check_permission("read")
	return figures.batch(doc)


@frappe.whitelist(methods=["POST"])
def go_on(batch: str) -> int:
	"""Button "Reprendre": the parts that are missing after an interruption."""
	_require_finance()
	frappe.get_doc("Print Batch", batch).check_permission("read")
	return printing.go_on(batch)


@frappe.whitelist(methods=["POST"])
def hand_over(batch: str, day: str | None = None) -> int:
	"""Button "Remis à la poste": the letters and their invoices are sent."""
	_require_finance()
	frappe.get_doc("Print Batch", batch).check_permission("read")
	return batches.hand_over(batch, inputs.day(day, _("Handed to the Post On")) if day else None)


@frappe.whitelist(methods=["POST"])
def print_chosen(invoices: str | list, sort_by: str = "Postcode", two_sided: bool = False) -> str:
	"""Action of the list of invoices: a batch of the chosen ones, credit notes and copies as well."""
	_require_finance()
	return batches.begin_selected(
		_chosen(inputs.names(invoices, _("Invoices")), CHOSEN_LIMIT), sort_by, two_sided
	)


@frappe.whitelist(methods=["POST"])
def send_chosen(invoices: str | list) -> int:
	"""Action of the list of invoices: e-mails to those of the chosen payers who want them so."""
	_require_finance()
	return emails.send_chosen(_chosen(inputs.names(invoices, _("Invoices")), MAIL_LIMIT))


@frappe.whitelist(methods=["POST"])
def send_invoice(invoice: str, address: str | None = None) -> int:
	"""Button of an invoice: send it to the payer's address, or to the one that was typed."""
	_require_finance()
	chosen = _chosen([invoice], MAIL_LIMIT)
	if not (address or _address(invoice)):
		frappe.throw(_("E-mail: the payer has none. Enter an address, or print the invoice"), NoAddress)
	return emails.send_copies(chosen, (address or "").strip() or None)


@frappe.whitelist(methods=["GET", "POST"])
def postings_of(invoice: str) -> dict:
	"""How an invoice left, for its form."""
	frappe.get_doc("Invoice", invoice).check_permission("read")
	if not frappe.has_permission("Posting", "read"):
		return {}
	return {
		"postings": figures.of_invoice(invoice),
		"address": _address(invoice),
		"may_send": bool(frappe.has_permission("Billing Run", "write")),
		"muted": bool(frappe.are_emails_muted()),
	}


@frappe.whitelist(methods=["POST"])
def came_back(posting: str, reason: str) -> None:
	"""Button of a posting: the e-mail came back, a letter takes its place."""
	_require_finance()
	doc = frappe.get_doc("Posting", posting)
	doc.check_permission("read")
	if doc.channel != plan.EMAIL or doc.state not in ("Queued", "Sent"):
		frappe.throw(
			_("Posting {0}: only an e-mail that was sent can come back").format(posting), WrongPostingState
		)
	results.fail(frappe._dict(doc.as_dict()), reason)


def _chosen(names: list[str], limit: int) -> list[str]:
	"""The chosen invoices, each with the right to print it; drafts and held ones stay in the house (R35)."""
	if len(names) > limit:
		frappe.throw(_("Choose {0} invoices at most").format(limit), NothingToPost)
	for name in names:
		doc = frappe.get_doc("Invoice", name)
		doc.check_permission("print")
		if doc.docstatus != 1 or doc.status not in plan.SENDABLE:
			frappe.throw(
				_("Invoice {0}: only an issued invoice is sent; it is “{1}”").format(
					doc.number or doc.title, _(doc.status)
				),
				NothingToPost,
			)
	return names


def _address(invoice: str) -> str:
	# The payer of an invoice whose reader was checked.
	payer = frappe.db.get_value("Invoice", invoice, "payer")
	return (frappe.db.get_value("Payer", payer, "email") or "") if payer else ""
