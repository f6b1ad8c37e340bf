"""A test site is made anew when, and only when, what it is made from has changed (config/setup/fingerprint.py)."""

from pathlib import Path

import pytest

from config.setup import fingerprint
from config.setup.testing import needs_site


@pytest.mark.parametrize(
	("path", "shapes"),
	[
		("hooks.py", True),
		("patches.txt", True),
		("authority/seeds.py", True),
		("families/doctype/family/family.json", True),
		("translations/fr.csv", True),
		("families/doctype/family/family.py", False),
		("families/doctype/family/family.js", False),
		("engine/pricing.py", False),
		("demo/load.py", False),
		("demo/data/towns.csv", False),
	],
)
def test_what_shapes_a_new_site(path, shapes):
	assert fingerprint.is_read_by_installation(Path(path)) is shapes


def test_a_changed_file_changes_the_fingerprint_and_compiled_files_do_not(tmp_path, monkeypatch):
	monkeypatch.setattr(fingerprint, "APP_FOLDER", tmp_path)
	(tmp_path / "hooks.py").write_text("1")
	before = fingerprint.of_app(), fingerprint.of_installation()
	(tmp_path / "__pycache__").mkdir()
	(tmp_path / "__pycache__" / "hooks.pyc").write_text("2")
	assert (fingerprint.of_app(), fingerprint.of_installation()) == before
	(tmp_path / "engine").mkdir()
	(tmp_path / "engine" / "pricing.py").write_text("3")
	assert fingerprint.of_app() != before[0]
	assert fingerprint.of_installation() == before[1]
	(tmp_path / "hooks.py").write_text("4")
	assert fingerprint.of_installation() != before[1]


@pytest.mark.parametrize(
	("arguments", "needed"),
	[
		((), True),
		(("-k", "login"), True),
		(("tests/engine", "-k", "quotient"), False),
		(("tests/engine/test_money.py", "tests/setup"), False),
		(("tests/engine", "tests/site"), True),
	],
)
def test_databases_start_only_for_tests_that_need_a_site(arguments, needed):
	assert needs_site(arguments) is needed
