"""The jobs of a print batch. Each may be killed at any moment, and may run twice.

A part is written beside its name and then renamed, so a part that is there is whole. Whoever finds all parts there
puts them together, with the batch locked; a second one finds it done.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from hashlib import md5
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import frappe
from frappe import _
from frappe.utils import add_days, cint, now
from pypdf import PdfReader, PdfWriter

from concerto_education.billing import pdf
from concerto_education.billing.paper import template
from concerto_education.billing.paper.errors import TemplateFailed
from concerto_education.billing.posting import batch as batches
from concerto_education.billing.posting import results

PROGRESS = "concerto_print_progress"


def checkpoint() -> None:
	"""What is done until here stays. Tests replace it to stay in one transaction."""
	frappe.db.commit()


def folder(batch: str) -> Path:
	"""Where the parts of a batch wait: private, and outside of what the framework hands out."""
	return Path(frappe.get_site_path("private", "concerto_print", batch))


def part_path(batch: str, part: int) -> Path:
	return folder(batch) / f"part-{part:05d}.pdf"


def missing_parts(batch: str, parts: int) -> list[int]:
	return [part for part in range(1, parts + 1) if not part_path(batch, part).exists()]


def print_part(batch: str, part: int, attempt: str | None = None) -> None:
	"""Job: lay out one part, hand the lane on; the last one puts the parts together."""
	row = frappe.db.get_value("Print Batch", batch, ["status", "parts", "two_sided"], as_dict=True)
	if not row or row.status != "Printing":
		return  # finished by another attempt meanwhile
	if not part_path(batch, part).exists():
		_write(part_path(batch, part), _laid_out(batch, part, bool(row.two_sided)))
		checkpoint()
	missing = missing_parts(batch, row.parts)
	_progress(batch, row.parts - len(missing), row.parts)
	following = part + len(batches.LANES)
	if not missing:
		finish(batch)
	elif attempt and following <= row.parts:
		batches.enqueue_part(batch, following, attempt)
		checkpoint()


def _laid_out(batch: str, part: int, two_sided: bool) -> bytes:
	"""The letters of a part. One that can't be printed is listed with its reason; the others are printed."""
	# The batch was begun by somebody with the right to; a job prints all of it.
	rows = frappe.get_all(
		"Posting",
		filters={"batch": batch, "part": part},
		fields=["name", "invoice"],
		order_by="position asc",
	)
	bodies, good = [], []
	paper = template.compiled()
	for row in rows:
		invoice = frappe.get_doc("Invoice", row.invoice)
		try:
			body = pdf.body_of(invoice, paper)
		except TemplateFailed as error:
			results.mark([row.name], "Failed", error=str(error)[: results.ERROR_LENGTH])
			continue
		bodies.append(body)
		good.append(row.name)
	results.mark(good, "Printed", error=None)
	return pdf.render_bodies(bodies, _("Print batch {0}").format(batch), two_sided) if bodies else b""


def _write(path: Path, content: bytes) -> None:
	path.parent.mkdir(parents=True, exist_ok=True)
	half = path.with_suffix(f".{os.getpid()}.half")
	half.write_bytes(content)
	half.replace(path)


def finish(batch: str) -> None:
	"""Put the parts together, attach the file, set the batch ready. Once: the row is locked until it is done."""
	doc = frappe.get_doc("Print Batch", batch, for_update=True)
	if doc.status != "Printing" or missing_parts(batch, doc.parts):
		checkpoint()
		return
	name = f"factures-{batch}-{frappe.generate_hash(length=8)}.pdf"
	target = Path(frappe.get_site_path("private", "files", name))
	doc.pages = _join(batch, doc.parts, target)
	doc.file = _attach(doc, target) if doc.pages else None
	doc.failed = frappe.db.count("Posting", {"batch": batch, "state": "Failed"})
	doc.status, doc.finished_at, doc.parts_done = "Ready", now(), doc.parts
	doc.save(ignore_permissions=True)  # written by its jobs only
	checkpoint()
	shutil.rmtree(folder(batch), ignore_errors=True)
	_tell(batch)


def _join(batch: str, parts: int, target: Path) -> int:
	"""One file of all parts. Returns its pages."""
	writer = PdfWriter()
	for path in _parts(batch, parts):
		writer.append(PdfReader(BytesIO(path.read_bytes())), import_outline=False)
	if not writer.pages:
		return 0
	half = target.with_suffix(".half")
	with half.open("wb") as stream:
		writer.write(stream)
	half.replace(target)
	return len(writer.pages)


def _parts(batch: str, parts: int) -> Iterator[Path]:
	for part in range(1, parts + 1):
		path = part_path(batch, part)
		if path.stat().st_size:
			yield path


def _attach(doc, target: Path) -> str:
	"""The file belongs to the batch and is read by whoever may read it: finance.

	Its row is written straight: the framework's own way would hold the whole file in memory, refuse a large one, and
	keep a second copy where everybody may read it.
	"""
	url = f"/private/files/{target.name}"
	with target.open("rb") as stream:
		content_hash = file_digest(stream)
	file = frappe.get_doc(
		{
			"doctype": "File",
			"name": frappe.generate_hash(length=10),
			"file_name": target.name,
			"file_url": url,
			"file_size": target.stat().st_size,
			"file_type": "PDF",
			"content_hash": content_hash,
			"folder": "Home/Attachments",
			"is_private": 1,
			"attached_to_doctype": doc.doctype,
			"attached_to_name": doc.name,
			"attached_to_field": "file",
		}
	)
	file.db_insert()
	return url


def file_digest(stream: BinaryIO) -> str:
	"""What the framework knows the content by, so that the file goes with its row."""
	digest = md5(usedforsecurity=False)
	while block := stream.read(1 << 20):
		digest.update(block)
	return digest.hexdigest()


def _progress(batch: str, done: int, parts: int) -> None:
	# Straight on the table: a job tells how far it is, nobody's form is saved by it.
	frappe.db.set_value("Print Batch", batch, "parts_done", done)
	checkpoint()
	_tell(batch, done, parts)


def _tell(batch: str, done: int = 0, total: int = 0) -> None:
	frappe.publish_realtime(PROGRESS, {"batch": batch, "done": done, "total": total}, doctype="Print Batch")


def go_on(batch: str) -> int:
	"""After a kill: start the lanes again with the parts that are missing. Returns how many are."""
	row = frappe.db.get_value("Print Batch", batch, ["status", "parts"], as_dict=True)
	if row.status != "Printing":
		return 0
	missing = missing_parts(batch, row.parts)
	if not missing:
		finish(batch)
		return 0
	# It moves again; and a request that writes nothing would not be committed, nor start its jobs.
	frappe.db.set_value("Print Batch", batch, "parts_done", row.parts - len(missing))
	firsts: dict[int, int] = {}
	for part in missing:
		firsts.setdefault(part % len(batches.LANES), part)
	batches.enqueue_lanes(batch, list(firsts.values()))
	return len(missing)


def forget_old_files() -> int:
	"""Daily: files of batches that were posted long ago are deleted, as the settings say."""
	days = cint(frappe.db.get_single_value("Authority Settings", "print_files_days"))
	if not days:
		return 0
	# The scheduler's own question.
	old = frappe.get_all(
		"Print Batch",
		filters={
			"status": ("in", ("Ready", "Posted")),
			"file": ("is", "set"),
			"finished_at": ("<", add_days(now(), -days)),
		},
		pluck="name",
	)
	for name in old:
		files = frappe.get_all(
			"File", filters={"attached_to_doctype": "Print Batch", "attached_to_name": name}, pluck="name"
		)
		for file in files:
			frappe.delete_doc("File", file, ignore_permissions=True, force=True)  # the rule above says so
		frappe.db.set_value(
			"Print Batch", name, "file", None
		)  # a fact about a file, not an edit of the batch
		checkpoint()
	return len(old)


def print_here(batch: str) -> None:
	"""All parts in this process: for the demo, for scripts, for tests."""
	parts = frappe.db.get_value("Print Batch", batch, "parts")
	for part in range(1, parts + 1):
		print_part(batch, part)
