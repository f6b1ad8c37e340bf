"""The list of odd cases. Each is one function that writes down one dossier; its docstring says what to look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from concerto_education.demo.dossier import Dossier


@dataclass(frozen=True, slots=True)
class Scenario:
	key: str
	rules: tuple[str, ...]
	make: Callable[[], Dossier]

	@property
	def summary(self) -> str:
		"""First paragraph of the docstring on one line."""
		return " ".join((self.make.__doc__ or "").split("\n\n")[0].split())


SCENARIOS: dict[str, Scenario] = {}


def scenario(*rules: str):
	"""Register a function under its own name, with the rules it shows."""

	def register(make: Callable[[], Dossier]) -> Callable[[], Dossier]:
		key = make.__name__
		if key in SCENARIOS:
			raise ValueError(f"scenario {key} is defined twice")
		SCENARIOS[key] = Scenario(key, rules, make)
		return make

	return register
