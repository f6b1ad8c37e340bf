"""What the form of a mandate may call. Rights are checked by the first statement of each function or of what it calls.

Types are enforced by Frappe, so no postponed annotations in this file.
"""

import frappe
from frappe import _

from concerto_education.authority import inputs, pdf
from concerto_education.engine import mandates as engine
from concerto_education.families import rights
from concerto_education.families.mandates import iban as accounts
from concerto_education.families.mandates import paper, rules, service


@frappe.whitelist(methods=["POST"])
def check_iban(iban: str) -> dict:
	"""What a typed IBAN is, before anything is saved: its bank's BIC. By POST, so that no log keeps it."""
	rights.require("Mandate", "create")
	found = accounts.checked(iban)
	return {
		"iban": " ".join(found[i : i + 4] for i in range(0, len(found), 4)),
		"bic": accounts.bic_of(found),
	}


@frappe.whitelist()
def propose(payer: str) -> dict:
	"""What the form fills in for a payer."""
	frappe.get_doc("Payer", payer).check_permission("read")
	return {"account_holder": rules.holder_of(payer), "family": frappe.db.get_value("Payer", payer, "family")}


@frappe.whitelist(methods=["POST"])
def activate(mandate: str, signed_on: str) -> str:
	"""The signed paper is here."""
	return service.change_state(mandate, engine.ACTIVE, signed_on=inputs.day(signed_on, _("Signed On"))).state


@frappe.whitelist(methods=["POST"])
def suspend(mandate: str, reason: str) -> str:
	return service.change_state(mandate, engine.SUSPENDED, reason).state


@frappe.whitelist(methods=["POST"])
def resume(mandate: str) -> str:
	"""Debit again after a suspension; the signature is the one that is there."""
	return service.change_state(mandate, engine.ACTIVE).state


@frappe.whitelist(methods=["POST"])
def revoke(mandate: str, reason: str) -> str:
	return service.change_state(mandate, engine.REVOKED, reason).state


@frappe.whitelist(methods=["GET", "POST"])
def mandate_pdf(mandate: str) -> None:
	"""Download the paper to sign."""
	doc = frappe.get_doc("Mandate", mandate)
	doc.check_permission("print")
	pdf.respond(paper.render(doc), f"mandat-{doc.rum}.pdf")
