"""A process that does one job of a billing run and may kill itself, stop to wait, or count: for the tests of faults.

Usage, in a folder of sites: python billing_process.py SITE RUN JOB WHERE COUNT

JOB is `compute`, `issue_drafts`, or `run` (begin to compute, as the button does, then compute). At the point WHERE, the
(COUNT + 1)th time, it kills itself: `checkpoint` before a commit, `written` after a chunk was written, `numbered` after
one was numbered, `statement` before any statement to the database. At `pause` it says so at that checkpoint, and goes
on when it is told. Prints how many statements it sent, or the name of the rule that refused.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

CHUNK = 2


def say(what: object) -> None:
	sys.stdout.write(f"{what}\n")
	sys.stdout.flush()


def main(site: str, run: str, job: str, where: str, count: str) -> int:
	import frappe

	frappe.init(site=site, sites_path=".")
	frappe.connect()
	frappe.set_user("Administrator")
	from concerto_education.billing import issue, ledger
	from concerto_education.billing import run as runs

	left = int(count)
	sent = 0

	def at_the_point() -> None:
		nonlocal left
		left -= 1
		if left == -1:
			if where == "pause":
				say("paused")
				sys.stdin.readline()
			else:
				os.kill(os.getpid(), signal.SIGKILL)

	def before(function: Callable) -> Callable:
		return lambda *args, **kwargs: (at_the_point(), function(*args, **kwargs))[1]

	def after(function: Callable) -> Callable:
		return lambda *args, **kwargs: (function(*args, **kwargs), at_the_point())[0]

	if where in ("checkpoint", "pause"):
		runs.checkpoint = before(runs.checkpoint)
	elif where == "written":
		ledger.write = after(ledger.write)
	elif where == "numbered":
		issue.issue_chunk = after(issue.issue_chunk)
	real = frappe.db.sql

	def sql(*args, **kwargs):
		nonlocal sent
		sent += 1
		if where == "statement":
			at_the_point()
		return real(*args, **kwargs)

	frappe.db.sql = sql
	try:
		if job == "run":
			runs._begin_computing(run)
			runs.checkpoint()
			job = "compute"
		getattr(runs, job)(run, chunk=CHUNK)
	except frappe.ValidationError as error:
		say(type(error).__name__)
		return 3
	say(sent)
	return 0


if __name__ == "__main__":
	sys.exit(main(*sys.argv[1:]))
