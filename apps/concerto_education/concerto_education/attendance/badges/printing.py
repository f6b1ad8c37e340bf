"""Badges on paper: eight on a page, to cut out (the size of a business card, 85 × 54 mm)."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO

import frappe
import segno
from frappe import _

from concerto_education.attendance.badges.service import PREFIX
from concerto_education.authority.boot import appearance
from concerto_education.authority.pdf import in_french, render

TEMPLATE = "concerto_education/attendance/badges/badges.html"


def badges_pdf(rows: list[dict], tokens: dict[str, str]) -> bytes:
	"""One badge for each row: first name, class, code. No surname: a badge is lost in the street."""
	with in_french():
		look = appearance()
		body = frappe.render_template(
			TEMPLATE,
			{
				"badges": [{**row, "code": picture(tokens[row["person"]])} for row in rows],
				"authority": look["short_name"],
				"colour": look["accent_colour"],
			},
		)
		return render([body], _("Badges"))


def picture(token: str) -> str:
	"""The QR code as a picture in the page. Error correction Q: a quarter of it may be scratched."""
	out = BytesIO()
	segno.make(PREFIX + token, error="q", micro=False).save(out, kind="svg", border=2, scale=4, xmldecl=False)
	return "data:image/svg+xml;base64," + b64encode(out.getvalue()).decode()
