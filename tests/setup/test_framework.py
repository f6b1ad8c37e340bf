"""Which Frappe the bench gets (config/setup/framework.py)."""

import subprocess

import pytest

from config.setup import framework
from config.setup.steps import SetupError


def never():
	raise AssertionError("the git host was asked although the source was forced")


@pytest.mark.parametrize("source", ["official", "pypi"])
def test_a_forced_source_is_taken_without_asking(source):
	assert framework.choose({"FRAPPE_SOURCE": source}, never) == source


def test_official_where_it_answers_else_the_copy():
	assert framework.choose({}, lambda: True) == "official"
	assert framework.choose({}, lambda: False) == "pypi"


def test_an_unknown_source_is_refused():
	with pytest.raises(SetupError, match="FRAPPE_SOURCE=github"):
		framework.choose({"FRAPPE_SOURCE": "github"}, never)


def test_a_host_that_has_the_branch_answers(tmp_path, monkeypatch):
	git = ["git", "-C", str(tmp_path), "-c", "user.name=T", "-c", "user.email=t@example.org"]
	subprocess.run([*git, "init", "--quiet", "--initial-branch", framework.BRANCH], check=True)
	monkeypatch.setenv("FRAPPE_URL", str(tmp_path))
	assert not framework.official_answers()
	subprocess.run([*git, "commit", "--quiet", "--allow-empty", "-m", "first"], check=True)
	assert framework.official_answers()


def test_a_host_that_does_not_answer_is_given_up(tmp_path, monkeypatch):
	monkeypatch.setenv("FRAPPE_URL", str(tmp_path / "nothing-here"))
	assert not framework.official_answers()


def test_a_framework_of_other_origin_is_not_overwritten(tmp_path, monkeypatch):
	monkeypatch.setattr(framework, "FRAMEWORK", tmp_path)
	monkeypatch.delenv("FRAPPE_SOURCE", raising=False)
	(tmp_path / "frappe").mkdir()
	(tmp_path / "frappe" / "hooks.py").touch()
	with pytest.raises(SetupError, match="was not made by this set-up"):
		framework.ensure()
	assert (tmp_path / "frappe" / "hooks.py").exists()


def test_the_copy_is_said_to_be_unfit_for_production():
	assert "NOT for production" in framework.describe("pypi")
	assert "version-15" in framework.describe("official")
