"""Builders of the posting tests: a town whose run is issued, and what became of its letters and e-mails."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import frappe
from pypdf import PdfReader

from concerto_education.billing.posting import batch, emails, printing
from tests import billing_builders as b


def in_one_transaction(monkeypatch, folder: Path) -> Iterator[None]:
	"""Nothing is committed, and the parts of batches stay in a folder of the test."""
	for doctype in ("Posting", "Print Batch", "Email Queue", "Email Queue Recipient"):
		frappe.db.delete(doctype)
	for module in (printing, emails):
		monkeypatch.setattr(module, "checkpoint", lambda: None)
	monkeypatch.setattr(printing, "folder", lambda name: folder / name)
	monkeypatch.setattr(frappe, "publish_realtime", lambda *args, **kwargs: None)
	emails.seed()
	yield
	for path in frappe.get_all("File", {"attached_to_doctype": "Print Batch"}, pluck="file_url"):
		Path(frappe.get_site_path(path.lstrip("/"))).unlink(missing_ok=True)


def town() -> frappe._dict:
	"""Five families above the threshold: two by e-mail, three by post; and one under it."""
	canteen = b.canteen()
	homes = [b.household(qf=512) for _ in range(6)]
	for home in homes:
		b.attend(b.enrol(home, canteen), b.SEPTEMBER[: 2 if home is homes[5] else 7])
	for number, home in enumerate(homes[:2]):
		choose_email(home.payer, f"famille{number}@exemple.fr")
	run = b.issue(b.compute())
	return frappe._dict(run=run.name, homes=homes)


def choose_email(payer: str, address: str = "famille@exemple.fr") -> None:
	frappe.db.set_value("Payer", payer, {"invoice_by": "E-mail", "email": address})


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


def sent_to() -> list[str]:
	return sorted(frappe.get_all("Email Queue Recipient", pluck="recipient"))
