"""The people of the demo, before anything is written: the same for a seed, and of every common kind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from concerto_education.demo import names, population
from concerto_education.demo.scenarios import SCENARIOS

SEED = 7
APP = Path(population.__file__).parents[2]


def test_a_family_is_the_same_for_its_seed_and_number_however_many_are_made():
	alone = population.family(SEED, 40)
	among = list(population.families(SEED, 1, 60))[39]
	assert alone == among
	assert alone != population.family(SEED + 1, 40)


def test_the_crowd_is_the_same_in_every_process():
	"""Not even the order of sets and dicts, which Python changes from one process to the next, decides."""
	code = (
		"import hashlib; from concerto_education.demo import population;"
		"print(hashlib.sha256(repr(list(population.families(7, 1, 50))).encode()).hexdigest())"
	)
	digests = {
		subprocess.run(
			[sys.executable, "-c", code],
			env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(APP)},
			capture_output=True,
			text=True,
			check=True,
		).stdout
		for seed in ("1", "2")
	}
	assert len(digests) == 1


def test_the_crowd_holds_the_common_cases():
	families = list(population.families(SEED, 1, 400))
	children = [child for family in families for child in family.children]
	assert 1.5 < len(children) / len(families) < 2.1
	assert any(family.separated for family in families)
	assert any(family.quotients[-1].value == population.UNKNOWN_QUOTIENT for family in families)
	assert {family.benefit_scheme[:1] for family in families} >= {"G", "A", "S"}
	assert any(family.former_town for family in families)
	assert any(member.person.usage_name for family in families for member in family.members)


def test_names_come_from_lists_of_both_sexes_and_three_generations():
	for generation in ("child", "adult", "older"):
		for sex in "FM":
			assert len(names.first_names(sex, generation)) >= 20
	assert len(names.surnames()) > 200
	assert names.letters("D'Angélo") == "dangelo"


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: scenario.key)
def test_each_odd_case_says_what_it_is_for(scenario):
	assert scenario.summary.endswith(".") or scenario.summary.endswith(")")
	assert all(rule.startswith("R") for rule in scenario.rules)
