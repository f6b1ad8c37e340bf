"""The process whose time, queries and memory are measured: bills and issues one run, and prints its figures as JSON.

Usage, in a folder of sites: python billing_worker.py SITE RUN
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path

import frappe


class Meter:
	"""Seconds by stage and statements by chunk of a run."""

	def __init__(self) -> None:
		self.seconds: dict[str, float] = {}
		self.tables: dict[str, float] = {}
		self.statements = 0
		self.chunks: list[tuple[int, int]] = []  # families, statements

	def watch(self, module, name: str, stage: str) -> None:
		"""Add the time of each call of a function to a stage."""
		real = getattr(module, name)

		@wraps(real)
		def timed(*args, **kwargs):
			started = time.perf_counter()
			try:
				return real(*args, **kwargs)
			finally:
				self.seconds[stage] = self.seconds.get(stage, 0) + time.perf_counter() - started

		setattr(module, name, timed)

	def watch_tables(self, module) -> None:
		"""Add the time of each bulk insert to its table."""
		real = module.insert_rows

		def timed(doctype, *args, **kwargs):
			started = time.perf_counter()
			real(doctype, *args, **kwargs)
			self.tables[doctype] = self.tables.get(doctype, 0) + time.perf_counter() - started

		module.insert_rows = timed

	def count_statements(self) -> None:
		real = frappe.db.sql

		def sql(*args, **kwargs):
			self.statements += 1
			return real(*args, **kwargs)

		frappe.db.sql = sql

	def count_chunks(self, module) -> None:
		real = module.compute_chunk

		def chunk(run, context, families):
			before = self.statements
			result = real(run, context, families)
			self.chunks.append((len(families), self.statements - before))
			return result

		module.compute_chunk = chunk

	def timed(self, work: Callable[[], None]) -> float:
		started = time.perf_counter()
		work()
		return time.perf_counter() - started


def bill(run: str) -> dict:
	from concerto_education.billing import bill, facts, ledger
	from concerto_education.billing import run as runs

	meter = Meter()
	meter.watch(facts, "load", "reading")
	meter.watch(bill, "bill_chunk", "prices and invoices")
	meter.watch(ledger, "write", "writing")
	meter.watch_tables(ledger)
	meter.count_statements()
	meter.count_chunks(runs)
	before = _peak_mb()
	computing = meter.timed(lambda: runs.run_here(run))
	statements = meter.statements

	def issue() -> None:
		runs._begin_issuing(run)
		runs.checkpoint()
		runs.issue_drafts(run)

	issuing = meter.timed(issue)
	# The first chunk also reads what the process knows from then on.
	later = meter.chunks[1:] or meter.chunks
	largest = max(families for families, _count in later)
	return {
		"pricing and invoices": computing,
		"stages": meter.seconds,
		"invoices_and_lines": meter.tables["Invoice"] + meter.tables["Invoice Line"],
		"issue": issuing,
		"queries": statements,
		"queries_of_full_chunks": [count for families, count in later if families == largest],
		"before_mb": before,
		"peak_mb": _peak_mb(),
		"invoices": frappe.db.count("Invoice", {"billing_run": run}),
		"charges": frappe.db.count("Charge", {"billing_run": run}),
	}


def _peak_mb() -> float:
	"""Highest resident memory of this process. Not by getrusage, which begins with that of the parent."""
	status = Path("/proc/self/status").read_text()
	line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
	return int(line.split()[1]) / 1000


if __name__ == "__main__":
	frappe.init(site=sys.argv[1], sites_path=".")
	frappe.connect()
	frappe.set_user("Administrator")
	try:
		figures = bill(sys.argv[2])
		frappe.db.commit()
	finally:
		frappe.destroy()
	print(json.dumps(figures))
