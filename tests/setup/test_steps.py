"""A failing step says what failed, why, and what to do (config/setup/steps.py)."""

import sys

import pytest

from config.setup import __main__ as main
from config.setup.steps import SetupError, only_one, run, step


def test_a_step_shows_title_time_and_remark(capsys):
	with step("Debian packages") as remarks:
		remarks.append("nothing missing")
	line = capsys.readouterr().out
	assert line.startswith("  Debian packages")
	assert "0.0 s  nothing missing" in line


def test_a_step_that_fails_says_so(capsys):
	with pytest.raises(SetupError), step("Assets"):
		raise SetupError("no node")
	assert "FAILED" in capsys.readouterr().out


def test_output_of_a_command_that_works_is_returned_not_shown(capsys):
	assert run([sys.executable, "-c", "print('fine')"]) == "fine\n"
	assert capsys.readouterr().out == ""


def test_a_failing_command_shows_its_end_without_secrets():
	code = "import sys; print('password was s3cret-and-long'); sys.exit(3)"
	with pytest.raises(SetupError) as caught:
		run([sys.executable, "-c", code, "s3cret-and-long"], remedy="try again", secrets=("s3cret-and-long",))
	assert "ended with 3" in caught.value.why
	assert "password was ********" in caught.value.why
	assert "s3cret" not in caught.value.why
	assert caught.value.remedy == "try again"


def test_a_program_that_is_not_there_is_named():
	with pytest.raises(SetupError, match="no-such-program"):
		run(["no-such-program"], remedy="install it")


def test_two_at_once_in_one_folder_are_refused(tmp_path):
	def enter():
		with only_one(tmp_path, "make test"):
			return "alone"

	with only_one(tmp_path, "make test"), pytest.raises(SetupError, match="another make test"):
		enter()
	assert enter() == "alone"


def test_command_line_reports_why_and_what_to_do(monkeypatch, capsys):
	def fail():
		raise SetupError("port 8000 is taken", "choose another")

	monkeypatch.setitem(main.COMMANDS, "up", fail)
	assert main.main(["up"]) == 1
	said = capsys.readouterr().err
	assert "up stopped" in said
	assert "Why:        port 8000 is taken" in said
	assert "What to do: choose another" in said


@pytest.mark.parametrize("words", [[], ["nonsense"]])
def test_command_line_lists_its_commands(words, capsys):
	assert main.main(words) == 2
	assert "up|down|reset" in capsys.readouterr().err
