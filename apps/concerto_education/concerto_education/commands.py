"""Commands of the app for bench. Their words are in English, like bench's own; what they print of the demo's
logins is French, because it is for whoever tries the product."""

from __future__ import annotations

import click
from frappe.commands import get_site, pass_context


@click.command("concerto-demo")
@click.option("--families", default=300, show_default=True, help="How many families; up to 20,000.")
@click.option("--seed", default=2026, show_default=True, help="Another seed makes other families.")
@click.option("--no-billing", is_flag=True, help="Leave September to be billed.")
@click.option("--no-logins", is_flag=True, help="Make no logins, for benchmarks.")
@click.option(
	"--attendance-until", default=None, help="Last day of the forecast; the school year without it."
)
@click.option("--force", is_flag=True, help="Load although there are families of another origin.")
@pass_context
def concerto_demo(context, families, seed, no_billing, no_logins, attendance_until, force):
	"""Load the fictional communauté de communes of the demo (again: a second, nothing twice)."""
	import time

	import frappe
	from frappe.utils import getdate

	with _connected(context):
		from concerto_education.demo.load import DemoRefused, load

		began = time.monotonic()
		try:
			load(
				families,
				seed,
				with_billing=not no_billing,
				with_users=not no_logins,
				force=force,
				attendance_until=getdate(attendance_until) if attendance_until else None,
				report=click.echo,
			)
		except DemoRefused as error:
			frappe.db.rollback()
			raise click.ClickException(str(error)) from None
		click.echo(f"Demo ready on {frappe.local.site} in {time.monotonic() - began:.1f} s")


@click.command("concerto-demo-logins")
@pass_context
def concerto_demo_logins(context):
	"""Print the logins of the demo: role, login, sites, what to try."""
	with _connected(context):
		from concerto_education.demo import state, users

		if not state.is_demo():
			raise click.ClickException("This site holds no demo. Load it with: bench concerto-demo")
		click.echo(users.table())


@click.command("concerto-training")
@click.option("--yes", is_flag=True, help="Do not ask: the mail accounts and keys of the site are dropped.")
@pass_context
def concerto_training(context, yes):
	"""Turn a copy of a site into a training base: banner, no mail, no payment. It can't be undone."""
	with _connected(context):
		import frappe

		from concerto_education.authority.training import turn_into_training

		if not yes:
			click.confirm(
				f"Turn {frappe.local.site} into a training base, without its mail accounts?", abort=True
			)
		turn_into_training()
		frappe.db.commit()
		click.echo(f"{frappe.local.site} is a training base")


@click.command("concerto-demo-cases")
@pass_context
def concerto_demo_cases(context):
	"""Print the odd cases of the demo: rule, dossier, what to look at."""
	with _connected(context):
		from concerto_education.demo import state
		from concerto_education.demo.scenarios import SCENARIOS

		if not state.is_demo():
			raise click.ClickException("This site holds no demo. Load it with: bench concerto-demo")
		names = state.read().scenarios
		for key, scenario in SCENARIOS.items():
			rules = ", ".join(scenario.rules)
			click.echo(f"{rules:<9} {names.get(key, '-'):<11} {key:<32} {scenario.summary}")


class _connected:
	"""The site of the command line, connected while the block runs."""

	def __init__(self, context) -> None:
		self.site = get_site(context)

	def __enter__(self) -> None:
		import frappe

		frappe.init(site=self.site)
		frappe.connect()

	def __exit__(self, *error) -> None:
		import frappe

		frappe.destroy()


commands = [concerto_training, concerto_demo, concerto_demo_logins, concerto_demo_cases]
