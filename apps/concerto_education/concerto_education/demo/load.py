"""Loads the demo, step by step. Each step ends in a commit that also remembers it, so a load that was cut goes on.

``load(families=300)`` is what ``bench concerto-demo`` runs. Twenty thousand families for a benchmark take a few
minutes; ``attendance_until`` keeps their attendance to the months that the benchmark bills.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import date

import frappe
from frappe.utils import getdate

from concerto_education.authority.money import format_money
from concerto_education.demo import (
	authority,
	billing,
	bulk,
	caf_list,
	catalogue,
	closing,
	coherence,
	corrections,
	documents,
	health,
	incomplete,
	meals,
	payments,
	places,
	population,
	posting,
	services,
	ticks,
	transport,
	users,
	world,
)
from concerto_education.demo.scenarios import SCENARIOS
from concerto_education.demo.state import DemoRefused, State, read, start

DEFAULT_FAMILIES = 300
DEFAULT_SEED = 2026
# Families written in one transaction.
CHUNK = 500


def checkpoint() -> None:
	"""What is done until here stays. Tests replace it, to load into a transaction that is rolled back."""
	frappe.db.commit()


def load(
	families: int = DEFAULT_FAMILIES,
	seed: int = DEFAULT_SEED,
	*,
	with_billing: bool = True,
	with_users: bool = True,
	force: bool = False,
	today: date | None = None,
	attendance_until: date | None = None,
	report: Callable[[str], None] = print,
) -> State:
	"""Load the demo, or what is missing of it. Throws DemoRefused on a site that has other families.

	``families`` counts all of them; the odd cases are always there, the crowd makes up the number.
	"""
	if families < 0:
		frappe.throw("The number of families can't be negative.", DemoRefused)
	state = start(seed, families, force)
	posting.mute()
	steps: list[tuple[str, str, Callable[[], str]]] = [
		("authority", "Authority, calendar, activities, tariffs", lambda: _authority()),
	]
	if with_users:
		# Before the dossiers: a placement tells the coordinator and the director, who must be there.
		steps.append(("users", "Logins for each role", lambda: _users()))
	steps += [
		("scenarios", "Odd cases of the memo", lambda: _scenarios(state)),
		("crowd", "Families, enrolments and forecast", lambda: _crowd(state, attendance_until, report)),
	]
	steps.append(
		("places", "Full club, waiting list, prises en charge", lambda: places.make(state.scenarios.values()))
	)
	steps.append(("caf_list", "A list of the CAF, looked at", lambda: _caf_list(state)))
	steps.append(("health", "Allergies, PAI, diets", lambda: _health(state, today or getdate())))
	steps.append(("transport", "Bus of the Wednesday, with its stops", lambda: _transport()))
	if with_users:
		steps.append(("readings", "Who has read health", lambda: _readings(state, today or getdate())))
	steps.append(("documents", "Documents, authorisations, mandates", lambda: documents.make(state.seed)))
	steps.append(
		(
			"incomplete",
			"What is missing, week by week",
			lambda: incomplete.make(state.seed, today or getdate()),
		)
	)
	steps.append(("ticks", "Presences and absences", lambda: _ticks(state, today or getdate())))
	if with_users:
		steps.append(("closing", "Months confirmed by the sites", lambda: _closing(today or getdate())))
	steps.append(("meals", "Kitchen, meal orders, badges", lambda: _meals(today or getdate())))
	if with_billing:
		steps.append(("billing", "September billed and issued", lambda: _billing()))
		steps.append(("news", "Corrections that came late", lambda: _news(state)))
		steps.append(("posting", "September sent by post and e-mail", lambda: _posting()))
		steps.append(("claims", "Statements of funders", lambda: _claims()))
		steps.append(
			("payments", "Payments, refunds, reminders", lambda: _payments(state, today or getdate()))
		)
		steps.append(
			("corrections", "Credit notes and adjustments", lambda: corrections.make(state.scenarios))
		)
	steps.append(
		(
			"coherence",
			"What doesn't fit together",
			lambda: f"{coherence.make(today or getdate(), state.scenarios)} points of the coherence check",
		)
	)
	missing = [step for step in steps if step[0] not in state.steps]
	if not missing:
		report(f"The demo is here already: {frappe.db.count('Family')} families.")
		return state
	with _as_loader():
		for name, label, run in missing:
			began = time.monotonic()
			detail = run()
			state.steps.append(name)
			state.save()
			checkpoint()
			report(f"  {label:<42} {time.monotonic() - began:6.1f} s  {detail}".rstrip())
	return state


@contextmanager
def _as_loader():
	"""Administrator, in French, without messages on the screen, e-mails or global search in between."""
	before = frappe.session.user, frappe.local.lang, frappe.flags.mute_messages, frappe.flags.mute_emails
	frappe.set_user("Administrator")
	frappe.local.lang = "fr"
	frappe.flags.mute_messages = frappe.flags.mute_emails = True
	try:
		yield
	finally:
		frappe.set_user(before[0])
		frappe.local.lang, frappe.flags.mute_messages, frappe.flags.mute_emails = before[1:]


# ---------------------------------------------------------------- steps


def _authority() -> str:
	authority.make()
	posting.logo()
	services.make()
	catalogue.make()
	return f"{len(world.SITES)} sites, {len(world.TARIFFS)} tariffs"


def _scenarios(state: State) -> str:
	for key, scenario in SCENARIOS.items():
		state.scenarios[key] = scenario.make().name
	return f"{len(SCENARIOS)} dossiers"


def _crowd(state: State, until: date | None, report: Callable[[str], None]) -> str:
	total = max(0, state.families - len(SCENARIOS))
	rows = 0
	while state.made < total:
		last = min(state.made + CHUNK, total)
		plans = list(population.families(state.seed, state.made + 1, last))
		rows += bulk.plan_attendance(bulk.Writer(plans).write(), until)
		state.made = last
		state.save()
		checkpoint()
		if total > CHUNK:
			report(f"    {last} of {total} families")
	return f"{total} families, {rows} planned attendances"


def _closing(today: date) -> str:
	closing.unknown_child()
	return f"{closing.make(today)} months of sites"


def _users() -> str:
	users.make()
	catalogue.name_managers()
	return f"{len(users.LOGINS)} logins"


def _health(state: State, today: date) -> str:
	return f"{health.make(state.seed, today)} health records"


def _readings(state: State, today: date) -> str:
	return f"{health.read(state.seed, today)} readings"


def _ticks(state: State, today: date) -> str:
	count = ticks.tick(state.seed, state.scenarios, today)
	services.note_times(state.scenarios)
	catalogue.late_pickups(today)
	return f"{count} attendances ticked"


def _caf_list(state: State) -> str:
	return f"{caf_list.make(state.scenarios)} lines"


def _transport() -> str:
	return f"{transport.make()} children on the bus"


def _meals(today: date) -> str:
	return f"{meals.make(today)} meal orders, {meals.make_badges()} badges"


def _billing() -> str:
	run = billing.bill_september()
	return (
		f"{run.invoices_count} invoices, {format_money(run.total_due)},"
		f" {run.held_count} held, {run.problems_count} problems"
	)


def _news(state: State) -> str:
	billing.late_news(state.scenarios)
	return ""


def _payments(state: State, today: date) -> str:
	return payments.make(state.seed, today)


def _posting() -> str:
	return f"{posting.send_september()} invoices left"


def _claims() -> str:
	places.claim_september()
	return ""


__all__ = ["DemoRefused", "State", "load", "read"]
