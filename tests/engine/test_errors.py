"""Each refusal has a name, a rule and a sentence that can be translated."""

import json
import pickle
import re
from datetime import date
from decimal import Decimal
from string import Formatter

import pytest

from concerto_education.engine import errors
from concerto_education.engine.errors import BandGap, MissingQuotient, RuleError

ALL = [cls for cls in vars(errors).values() if isinstance(cls, type) and issubclass(cls, RuleError)]
RULES = [cls for cls in ALL if cls is not RuleError]


def made(cls):
	names = {name for _, name, _, _ in Formatter().parse(cls.template) if name}
	return cls(**dict.fromkeys(names, "x"))


@pytest.mark.parametrize("cls", RULES, ids=lambda cls: cls.__name__)
def test_each_error_is_complete(cls):
	assert re.fullmatch(r"[a-z]+(-[a-z]+)*", cls.code)
	assert re.fullmatch(r"R\d+", cls.rule)
	assert cls.template.endswith(".") and cls.__name__.lower() == cls.code.replace("-", "")
	error = made(cls)
	assert str(error) == cls.template.format(**error.params)


def test_codes_are_unique():
	assert len({cls.code for cls in RULES}) == len(RULES)


def test_params_travel_as_json():
	error = MissingQuotient(day=date(2026, 9, 3))
	data = json.loads(json.dumps(error.as_dict()))
	assert data["params"] == {"day": "2026-09-03"} and data["rule"] == "R14"
	assert json.loads(json.dumps(BandGap(tariff="T", start=Decimal(1), end="2").as_dict()))


def test_errors_cross_processes():
	error = pickle.loads(pickle.dumps(MissingQuotient(day=date(2026, 9, 3))))
	assert isinstance(error, MissingQuotient) and error.params == {"day": date(2026, 9, 3)}
