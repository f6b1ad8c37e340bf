"""What screens may call about documents, authorisations and reminders. Rights are checked by the first statement.

Types are enforced by Frappe, so no postponed annotations in this file.
"""

import frappe
from frappe import _
from frappe.utils import getdate, today

from concerto_education.authority import inputs, mail, pdf
from concerto_education.families import rights
from concerto_education.families.documents import (
	authorisations,
	errors,
	letters,
	missing,
	reminders,
	rules,
	scope,
)

# A PDF of more takes longer than anybody waits for it.
MOST_LETTERS = 200


# ---------------------------------------------------------------- deciding about a document


@frappe.whitelist(methods=["POST"])
def accept(document: str, valid_to: str | None = None) -> str:
	doc = _writable(document)
	return rules.accept(doc, inputs.day(valid_to, _("Valid To")) if valid_to else None).status


@frappe.whitelist(methods=["POST"])
def refuse(document: str, reason: str) -> str:
	return rules.refuse(_writable(document), reason).status


def _writable(document: str):
	doc = frappe.get_doc("Family Document", document)
	doc.check_permission("write")
	return doc


@frappe.whitelist(methods=["POST"])
def record_answers(family: str, person: str, answers: dict | str, signed_by: str, signed_on: str) -> int:
	"""The answers of one signed form; returns how many are new."""
	rights.require("Authorisation", "create")
	frappe.get_doc("Family", family).check_permission("read")
	given = {kind: str(value) for kind, value in inputs.mapping(answers, _("Answers")).items()}
	signed = inputs.day(signed_on, _("Signed On"))
	return len(authorisations.record(family, person, given, signed_by, signed))


@frappe.whitelist()
def answers_of(person: str) -> dict:
	"""The answers for a child, and in which dossiers it is one, for its own form. An adult has none."""
	rights.require("Authorisation", "read")
	doc = frappe.get_doc("Person", person)
	doc.check_permission("read")
	families = authorisations.families_of(person)
	found = authorisations.of_children([person], getdate(today()))[person] if families else []
	return {
		"person": person,
		"full_name": doc.full_name,
		"families": families,
		"answers": found,
		"may_answer": bool(frappe.has_permission("Authorisation", "create")),
	}


@frappe.whitelist()
def signatories(family: str, person: str) -> list:
	"""Who may sign for the child today."""
	frappe.get_doc("Family", family).check_permission("read")
	names = authorisations.signatories(family, person, getdate(today()))
	# Members of the family that the user reads.
	known = dict(
		frappe.get_all("Person", filters={"name": ("in", names)}, fields=["name", "full_name"], as_list=True)
	)
	return [{"value": name, "label": known[name]} for name in names]


# ---------------------------------------------------------------- reminding


@frappe.whitelist(methods=["POST"])
def send_reminders(families: list | str) -> dict:
	"""Queue reminders to these families in the background; says what will be left out."""
	rights.require("Family", "email")
	wanted = _readable(families)
	if not mail.can_send():
		frappe.throw(reminders.no_account(), errors.NoOutgoingMail)
	late = reminders.lately_reminded(wanted, getdate(today()))
	emails = reminders.addresses(wanted)
	without = [family for family in wanted if not emails[family]]
	ready = [family for family in wanted if family not in late and emails[family]]
	if not ready:
		frappe.throw(
			_("Nothing to send: {0} families were reminded just now, {1} have no e-mail").format(
				len(late), len(without)
			),
			errors.NothingToRemind,
		)
	# At once: nothing was written that would be committed, and a job of "after the commit" would never start.
	frappe.enqueue(reminders.JOB, queue="long", families=ready)
	return {"ready": len(ready), "late": len(late), "no_email": len(without)}


@frappe.whitelist(methods=["POST"])
def remind(family: str) -> dict:
	"""Remind one family at once, from its form, whenever the last reminder was."""
	rights.require("Family", "email", family)
	items = missing.for_families([family], getdate(today()))[family]
	emails = reminders.addresses([family])[family]
	if not items:
		frappe.throw(_("Nothing is missing in this dossier"), errors.NothingToRemind)
	if not emails:
		frappe.throw(
			_("E-mail: neither a representative nor the family has one. Print the letter"),
			errors.NothingToRemind,
		)
	reminder = reminders.send(family, items, emails)
	return {"name": reminder.name, "recipients": emails}


@frappe.whitelist(methods=["POST"])
def print_letters(families: list | str) -> None:
	"""One PDF with a letter for each of these families, noted in their history: so for those who may remind."""
	rights.require("Family", "email")
	wanted = _readable(families)
	if len(wanted) > MOST_LETTERS:
		frappe.throw(
			_("{0} letters at most at a time; {1} were chosen").format(MOST_LETTERS, len(wanted)),
			errors.NothingToRemind,
		)
	day = getdate(today())
	lacking = {family: items for family, items in missing.for_families(wanted, day).items() if items}
	if not lacking:
		frappe.throw(_("Nothing is missing in these dossiers"), errors.NothingToRemind)
	content = letters.render(lacking, day, scope.may_read_health())
	for family, items in lacking.items():
		reminders.note_letter(family, items)
	pdf.respond(content, f"relances-{day:%Y-%m-%d}.pdf")


def _readable(families: list | str) -> list[str]:
	"""The chosen families that the user may read, in their order: the list comes from a request."""
	chosen = inputs.names(families, _("Dossiers"))
	allowed = set(
		frappe.get_list("Family", filters={"name": ("in", chosen)}, pluck="name", limit_page_length=0)
	)
	return [name for name in chosen if name in allowed]
