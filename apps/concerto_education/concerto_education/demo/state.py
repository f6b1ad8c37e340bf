"""What of the demo is on this site: kept with the data, in the same transactions, so that a load can be resumed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

import frappe

from concerto_education.demo import world

KEY = "concerto_demo"


class DemoRefused(frappe.ValidationError):
	"""The demo is not loaded here: the site has real families, or another demo."""


@dataclass(slots=True)
class State:
	seed: int
	families: int
	steps: list[str] = field(default_factory=list)
	# Families of the crowd that are on the site already.
	made: int = 0
	scenarios: dict[str, str] = field(default_factory=dict)

	def save(self) -> None:
		frappe.db.set_global(KEY, json.dumps(asdict(self)))


def read() -> State | None:
	# From the table, not by get_global: that one keeps what it read in Redis, also what is rolled back later.
	text = frappe.db.get_value("DefaultValue", {"parent": "__global", "defkey": KEY}, "defvalue")
	return State(**json.loads(text)) if text else None


def is_demo() -> bool:
	"""Whether this site holds the demo and says so on every screen: only there do demo logins exist."""
	label = frappe.db.get_single_value("Authority Settings", "environment_label")
	return bool(read()) and label == world.ENVIRONMENT_LABEL


def family_of(scenario: str) -> str:
	"""Name of the Family of an odd case, for tests and documentation."""
	state = read()
	if not state or scenario not in state.scenarios:
		raise KeyError(scenario)
	return state.scenarios[scenario]


def start(seed: int, families: int, force: bool = False) -> State:
	"""Begin a load, or find the one that was begun. Throws DemoRefused.

	Messages of the command line are in English, like those of bench.
	"""
	state = read()
	if state is None:
		if frappe.db.count("Family") and not force:
			frappe.throw(
				"This site has families that are not the demo's. Load the demo on a site of its own,"
				" or use --force if you know that they are not real.",
				DemoRefused,
			)
		return State(seed, families)
	if (state.seed, state.families) != (seed, families):
		frappe.throw(
			f"This site has a demo of {state.families} families with seed {state.seed} already."
			" Use the same numbers, or a new site.",
			DemoRefused,
		)
	return state
