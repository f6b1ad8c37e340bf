"""A process that prints or sends a run and may kill itself before any statement: for the tests of faults.

Usage, in a folder of sites: python posting_process.py SITE JOB NAME COUNT

JOB is `print` (NAME: a print batch) or `send` (NAME: a billing run). Before statement COUNT + 1 it kills itself. Prints
how many statements it sent.
"""

from __future__ import annotations

import os
import signal
import sys


def main(site: str, job: str, name: str, count: str) -> int:
	import frappe

	frappe.init(site=site, sites_path=".")
	frappe.connect()
	frappe.set_user("Administrator")
	frappe.enqueue = lambda *args, **kwargs: None
	from concerto_education.billing.posting import emails, printing

	left = int(count)
	sent = 0
	real = frappe.db.sql

	def sql(*args, **kwargs):
		nonlocal left, sent
		sent += 1
		left -= 1
		if left == -1:
			os.kill(os.getpid(), signal.SIGKILL)
		return real(*args, **kwargs)

	frappe.db.sql = sql
	if job == "print":
		printing.print_here(name)
	else:
		emails.send_all(name)
	sys.stdout.write(f"{sent}\n")
	return 0


if __name__ == "__main__":
	sys.exit(main(*sys.argv[1:]))
