"""What a method is called with, so that it gets as far as the question of rights at one site or the other."""

from __future__ import annotations

import inspect
from typing import Any

import frappe

from concerto_education.authority.roles import ATTENDANCE_AGENT
from tests.security.matrix.inventory import Method
from tests.security.matrix.world import DAY, World

# Parameters that hold the name of a record of another DocType than their own name says.
RECORDS = {
	"kitchen": "Site",
	"entry": "Waiting List Entry",
	"run": "Billing Run",
	"statement": "Funder Statement",
	"task": "Attendance Task",
	"event": "Attendance Event",
	"document": "Family Document",
	"carer": "Person",
	"signed_by": "Person",
	"line": "Quotient Import Line",
	"log": "API Particulier Request",
	"kept": "Family",
	"dropped": "Family",
	"first": "Family",
	"second": "Family",
	"model": "Activity Model",
	"year": "School Year",
	"mandate": "Mandate",
	"batch": "Print Batch",
	"rollover": "School Year Preparation",
	"correction": "Invoice Correction",
	"adjustment": "Manual Adjustment",
}
# The same parameter means something else from method to method.
OF_METHOD = {
	"billing.pdf.invoice_pdf": {"name": "Invoice"},
	"families.quotient_import.api.preview": {"name": "Quotient Import"},
	"families.quotient_import.api.apply": {"name": "Quotient Import"},
	"families.quotient_import.api.lines": {"name": "Quotient Import"},
	"families.quotient_import.api.download_report": {"name": "Quotient Import"},
	"families.notes.api.acknowledge": {"note": "Opening Note"},
	"billing.payments.reminders.api.discard": {"run": "Reminder Run"},
	"billing.payments.reminders.api.send": {"run": "Reminder Run"},
	"billing.payments.reminders.api.run_overview": {"run": "Reminder Run"},
	"billing.payments.reminders.api.run_pdf": {"run": "Reminder Run"},
	"billing.payments.certificates.api.care_pdf": {"year": "Number"},
	"billing.payments.certificates.api.care_batch_pdf": {"year": "Number"},
	"billing.payments.certificates.api.care_batch": {"year": "Number"},
	"billing.payments.certificates.api.payments_pdf": {"year": "Number"},
	"billing.payments.plans.progress": {"plan": "Instalment Plan"},
}
# The account that calls must say who it is.
CALLER = {"portal.pointage.send": "user"}
# The account of somebody else, who is no administrator.
ACCOUNTS = ("authority.accounts.api.invite", "authority.accounts.api.set_open")
# Lists of names.
LISTS = {
	"attendance.absences.api.decide": {"names": "Attendance"},
	"attendance.grid_api.plan_period": {"enrolments": "Enrolment"},
	"families.documents.api.send_reminders": {"families": "Family"},
	"families.documents.api.print_letters": {"families": "Family"},
	"billing.posting.api.print_chosen": {"invoices": "Invoice"},
	"billing.posting.api.send_chosen": {"invoices": "Invoice"},
}
VALUES = {
	"unit": "midi",
	"day": DAY,
	"start": DAY,
	"end": "2026-09-18",
	"month": "2026-09-01",
	"signed_on": DAY,
	"last_day": DAY,
	"since": f"{DAY} 08:00:00",
	"doctype": "Family",
	"because": "essai",
	"reason": "essai",
	"text": "essai",
	"code": "no-scheme",
	"topic": "Families",
	"status": "Absent",
}
BY_TYPE = {"int": 1, "bool": False, "list": [], "dict": {}, "date": DAY, "datetime": f"{DAY} 08:00:00"}


def of(method: Method, world: World, place: str) -> dict[str, Any]:
	"""Arguments for the parameters without default, and for those that name a record."""
	found = {}
	special, lists = OF_METHOD.get(method.name, {}), LISTS.get(method.name, {})
	for name, parameter in inspect.signature(method.function).parameters.items():
		if name == "self" or parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
			continue
		if method.name in ACCOUNTS and name == "account":
			found[name] = world.accounts[ATTENDANCE_AGENT]
			continue
		if CALLER.get(method.name) == name:
			found[name] = frappe.session.user
			continue
		if name in lists:
			found[name] = [world.name(lists[name], place)]
			continue
		doctype = special.get(name) or RECORDS.get(name) or name.replace("_", " ").title()
		if doctype in world.names[place]:
			found[name] = world.name(doctype, place)
		elif parameter.default is parameter.empty:
			found[name] = VALUES.get(name, _by_type(parameter))
	return found


def _by_type(parameter: inspect.Parameter) -> Any:
	kind = getattr(parameter.annotation, "__name__", str(parameter.annotation))
	return BY_TYPE.get(kind.split("|")[0].strip().split("[")[0], "essai")
