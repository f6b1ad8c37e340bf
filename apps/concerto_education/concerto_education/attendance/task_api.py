"""What the forms of presences to regularise and of refused ticks call (R31).

Rights are checked by the first statement of each function of ``regularisation``.
"""

import frappe

from concerto_education.attendance import regularisation


@frappe.whitelist()
def steps(task: str) -> dict:
	"""Which steps of a presence without enrolment are done, and which is next."""
	return regularisation.steps(task)


@frappe.whitelist(methods=["POST"])
def resume(task: str) -> dict:
	"""Last step: the presence that was noted is recorded on the enrolment."""
	return {"attendance": regularisation.resume(task).attendance}


@frappe.whitelist(methods=["POST"])
def dismiss(task: str, because: str) -> None:
	"""Nobody is to be enrolled for this presence."""
	regularisation.dismiss(task, because)


@frappe.whitelist(methods=["POST"])
def handle_refusal(event: str) -> None:
	"""A refused tick has been seen and settled."""
	regularisation.handle_refusal(event)
