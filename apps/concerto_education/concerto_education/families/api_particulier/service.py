"""Asking the CAF or MSA for a family's quotient, with a trace of who asked, and adding what was found (R14, R39)."""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _
from frappe.utils import add_months, cint, formatdate, get_first_day, getdate, now_datetime

from concerto_education.families import quotients
from concerto_education.families.api_particulier import answers, client, identity, settings
from concerto_education.families.errors import LookupNotUsable, PersonNotAsked
from concerto_education.families.members import REPRESENTATIVES

LOG = "API Particulier Request"


def look_up(family: str, person: str, place: identity.Birthplace, month: str | None = None) -> dict:
	"""Ask, write down who asked, and say what came back in words. Throws LookupIsOff before anything else."""
	access = settings.access()
	doc = _representative(family, person)
	question = identity.parameters(doc, place, access.siret, month)
	answer = client.ask(access, question)
	log = _trace(family, person, access, answer)
	found = {"log": log, "outcome": answer.outcome, "message": message(answer)}
	if answer.outcome == answers.FOUND:
		found |= {
			"value": float(answer.value),
			"source": answer.source,
			"month": answer.month,
			"valid_from": answer.month,
			"valid_to": quotients.school_year_of(answer.month).end,
			"current": _current(family, answer.month),
		}
	return found


def _representative(family: str, person: str):
	"""Only about those who bring the children up: who is a contact didn't give his agreement here."""
	role = frappe.db.get_value(
		"Family Member", {"parent": family, "parenttype": "Family", "person": person}, "role"
	)
	if role not in REPRESENTATIVES:
		frappe.throw(
			_("Person: only a representative of this family may be asked about (R39)"), PersonNotAsked
		)
	return frappe.get_doc("Person", person)


def _current(family: str, month: date) -> dict | None:
	record = quotients.histories([family])[family].as_map().get(getdate())
	return {"value": float(record.value), "unknown": record.is_unknown} if record else None


def _trace(family: str, person: str, access: settings.Access, answer: answers.Answer) -> str:
	"""One line of the log for each question that was sent, whatever came back. Of the answer only the quotient."""
	log = frappe.get_doc(
		{
			"doctype": LOG,
			"family": family,
			"person": person,
			"user": frappe.session.user,
			"asked_at": now_datetime(),
			"outcome": answer.outcome,
			"http_status": answer.http_status,
			"code": answer.code,
			"environment": access.environment,
			"provider": answer.source,
			"value": "" if answer.value is None else str(answer.value),
			"month": answer.month,
			"purpose": access.purpose,
		}
	)
	# The system traces; nobody writes in the log by hand.
	return log.insert(ignore_permissions=True).name


def add(log: str, valid_from: str, valid_to: str | None) -> str:
	"""Add the quotient that a look-up of this user found. The value is that of the log, never of the request."""
	row = frappe.get_doc(LOG, log, for_update=True)
	if row.user != frappe.session.user or row.outcome != answers.FOUND or row.quotient:
		frappe.throw(
			_("Quotient: this look-up found none, was added already, or is somebody else’s. Ask again (R39)"),
			LookupNotUsable,
		)
	quotient = frappe.get_doc(
		{
			"doctype": "Quotient",
			"family": row.family,
			"value": row.value,
			"source": row.provider,
			"valid_from": valid_from,
			"valid_to": valid_to,
			"note": _("API Particulier, quotient of {0}").format(formatdate(row.month, "MM/yyyy")),
		}
	).insert()
	# The only thing of the log that is ever completed.
	row.db_set("quotient", quotient.name, update_modified=False)
	return quotient.name


def message(answer: answers.Answer) -> str:
	"""What happened and what to do, for each outcome."""
	wait = " " + _("Wait {0} seconds.").format(answer.retry_after) if answer.retry_after else ""
	texts = {
		answers.FOUND: _("The quotient was found."),
		answers.NOT_FOUND: _(
			"Nobody was found: neither CAF nor MSA knows this person with this name, birth date and birth place, or has no quotient for the month. Check the birth name and all first names."
		),
		answers.REFUSED_PARAMETERS: _("The question was refused: {0}. Correct the person’s identity.").format(
			answer.detail or _("a field is wrong")
		),
		answers.REFUSED_TOKEN: _(
			"The token was refused: it is wrong or has expired. An administrator has to renew it on particulier.api.gouv.fr."
		),
		answers.NO_RIGHT: _(
			"The token gives no right to quotients. An administrator has to extend the authorisation on particulier.api.gouv.fr."
		),
		answers.CONFLICT: _(
			"Several files fit this identity, or the CAF and MSA disagree. Add first names, or ask the family for its certificate."
		),
		answers.TOO_MANY: _("Too many questions at once.") + wait + " " + _("Then ask again."),
		answers.PROVIDER_DOWN: _("The CAF or MSA does not answer at the moment ({0}).").format(
			answer.http_status
		)
		+ wait
		+ " "
		+ _("Ask again later, or type the quotient of the certificate."),
		answers.NO_ANSWER: _(
			"No answer came in time. Check the connection to the Internet, or ask again later."
		),
		answers.UNKNOWN: _(
			"The answer was not understood ({0}). Nothing was added; tell the administrator."
		).format(answer.http_status),
	}
	return texts[answer.outcome]


def forget_old() -> None:
	"""Every day: lines of the log beyond the time that the settings keep it."""
	months = cint(frappe.db.get_single_value(settings.DOCTYPE, "log_months")) or 12
	limit = add_months(get_first_day(getdate()), -months)
	# The settings say how long; nobody deletes lines by hand.
	frappe.db.delete(LOG, {"asked_at": ("<", limit)})
