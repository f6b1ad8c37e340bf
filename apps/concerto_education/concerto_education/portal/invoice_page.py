"""``/facture/<name>``: the invoice behind the QR code of a paper, for its payer after the login, and for finance."""

from __future__ import annotations

from urllib.parse import quote

import frappe
from frappe.website.page_renderers.base_renderer import BaseRenderer
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from concerto_education.billing import pdf

PREFIX = "facture/"
# What a family may read: drafts are no invoices yet.
ISSUED = 1


class InvoicePage(BaseRenderer):
	"""The PDF itself: what was on paper, on the screen of whoever it was addressed to."""

	def can_render(self) -> bool:
		return self.path.startswith(PREFIX) and len(self.path) > len(PREFIX)

	def render(self) -> Response:
		if frappe.session.user == "Guest":
			return redirect(f"/login?redirect-to=/{quote(self.path)}")
		invoice = readable(self.path.removeprefix(PREFIX))
		answer = Response(pdf.render([invoice]), mimetype="application/pdf")
		answer.headers["Content-Disposition"] = f'inline; filename="{pdf.file_name(invoice)}"'
		answer.headers["Cache-Control"] = "private, no-store"
		answer.headers["X-Content-Type-Options"] = "nosniff"
		return answer


def readable(name: str):
	"""The invoice, if it is the reader's own or he may print invoices. An unknown one is refused alike."""
	# The right is decided below, by the session's user and nothing that came with the request.
	found = frappe.db.get_value("Invoice", {"name": name}, ["name", "payer", "docstatus"], as_dict=True)
	if found and frappe.has_permission("Invoice", "print"):
		return frappe.get_doc("Invoice", name)
	own = found and frappe.db.get_value("Payer", found.payer, "user") == frappe.session.user
	if not own or found.docstatus != ISSUED:
		raise frappe.PermissionError
	return frappe.get_doc("Invoice", name)
