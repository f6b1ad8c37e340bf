"""A print batch and the e-mails of a run may be killed anywhere (SIGKILL): all leave, none twice.

These tests commit: a process that is killed really is another process.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path

import frappe
import pytest
from pypdf import PdfReader

from concerto_education.billing import run as runs
from concerto_education.billing.posting import batch, emails, plan, printing
from config.setup.paths import ROOT
from tests import billing_builders as b
from tests.billing_builders import SEPTEMBER

PROCESS = ROOT / "tests" / "posting_process.py"
FAMILIES, KILLS, SEED = 5, 4, 20261124
NEVER = 10**6
OURS = ("Posting", "Print Batch", "Email Queue", "Email Queue Recipient")


@pytest.fixture
def run(committed, monkeypatch):
	monkeypatch.setattr(frappe, "enqueue", lambda *args, **kwargs: None)
	monkeypatch.setattr(batch, "PART", 2)
	if frappe.db.exists("Billing Run", {"status": ("!=", "New")}) or frappe.db.count("Email Queue"):
		pytest.skip("this site has runs or messages of its own: use one made for tests")
	canteen = b.canteen()
	homes = [b.household(qf=640) for _ in range(FAMILIES)]
	for number, home in enumerate(homes):
		b.attend(b.enrol(home, canteen), SEPTEMBER[:7], "Present")
		frappe.db.set_value("Payer", home.payer, "email", f"famille{number}@exemple.fr")
	name = b.new_run(issue_date="2033-10-15").name
	emails.seed()
	runs.run_here(name, and_issue=True)
	frappe.db.commit()
	yield name
	frappe.db.rollback()
	for path in frappe.get_all("File", {"attached_to_doctype": "Print Batch"}, pluck="file_url"):
		Path(frappe.get_site_path(path.lstrip("/"))).unlink(missing_ok=True)
	frappe.db.delete("File", {"attached_to_doctype": "Print Batch"})
	for doctype in OURS:
		frappe.db.delete(doctype)
	frappe.db.commit()


def other_process(job: str, name: str, count: int = NEVER) -> int:
	"""Do a job in a process that kills itself. Returns the statements it sent, or -9."""
	frappe.db.commit()
	process = subprocess.run(
		[sys.executable, str(PROCESS), frappe.local.site, job, name, str(count)],
		capture_output=True,
		text=True,
		timeout=180,
		check=False,
	)
	frappe.db.rollback()  # a fresh view
	assert process.returncode in (0, -signal.SIGKILL), process.stderr[-2000:]
	return int(process.stdout.split()[-1]) if process.returncode == 0 else process.returncode


def kill_at_random(job: str, name: str) -> int:
	"""Kill the job again and again, each time elsewhere, then let it finish. Returns how often it was killed."""
	chance = random.Random(SEED)
	killed = sum(other_process(job, name, chance.randint(3, 90)) == -signal.SIGKILL for _ in range(KILLS))
	other_process(job, name)
	return killed


def test_a_batch_killed_again_and_again_holds_each_letter_once(run):
	name = batch.begin(run)
	assert kill_at_random("print", name) >= 2
	row = frappe.db.get_value("Print Batch", name, ["status", "letters", "pages", "file"], as_dict=True)
	assert (row.status, row.letters, row.pages) == ("Ready", FAMILIES, FAMILIES)
	pages = PdfReader(frappe.get_site_path(row.file.lstrip("/"))).pages
	numbers = [next(w for w in page.extract_text().split() if w.startswith("2033-")) for page in pages]
	assert sorted(numbers) == sorted(frappe.get_all("Invoice", {"billing_run": run}, pluck="number"))
	assert frappe.db.count("Posting", {"batch": name, "state": "Printed"}) == FAMILIES
	assert not printing.folder(name).exists()


def test_emails_killed_again_and_again_reach_each_family_once(run):
	frappe.db.set_value("Payer", {"name": ("is", "set")}, "invoice_by", "E-mail")
	assert plan.plan_run(run, plan.EMAIL) == FAMILIES
	assert kill_at_random("send", run) >= 2
	reached = sorted(frappe.get_all("Email Queue Recipient", pluck="recipient"))
	assert reached == [f"famille{number}@exemple.fr" for number in range(FAMILIES)]
	assert frappe.db.count("Posting", {"billing_run": run, "state": "Queued"}) == FAMILIES
