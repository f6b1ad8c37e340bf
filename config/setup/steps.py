"""Shows every step with its time, and stops a failing one with what failed, why, and what to do."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

TAIL = 60  # lines of a failed command that are shown: a Python traceback may stand below the reason


class SetupError(Exception):
	"""A step cannot go on. `why` is what was seen, `remedy` what the reader can do."""

	def __init__(self, why: str, remedy: str = ""):
		super().__init__(why)
		self.why = why
		self.remedy = remedy


@contextmanager
def step(title: str) -> Iterator[list[str]]:
	"""Print the title, run the block, print the time it took.

	The block may append a remark to the list it gets ("already there"), shown behind the time.
	"""
	print(f"  {title:<58}", end="", flush=True)
	started = time.monotonic()
	remarks: list[str] = []
	try:
		yield remarks
	except BaseException:
		print(f"{time.monotonic() - started:7.1f} s  FAILED", flush=True)
		raise
	print(f"{time.monotonic() - started:7.1f} s  {', '.join(remarks)}".rstrip(), flush=True)


@contextmanager
def only_one(folder: Path, command: str) -> Iterator[None]:
	"""Hold a lock on a folder while the block runs: two set-ups at once would spoil each other's data."""
	folder.mkdir(parents=True, exist_ok=True)
	with (folder / "lock").open("a") as lock:
		try:
			fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
		except BlockingIOError:
			raise SetupError(
				f"another {command} is at work in {folder}", "wait until it has finished"
			) from None
		yield


def report(error: SetupError, command: str) -> None:
	"""Tell on stderr why the command stopped."""
	print(f"\n{command} stopped.\n  Why:        {error.why}", file=sys.stderr)
	if error.remedy:
		print(f"  What to do: {error.remedy}", file=sys.stderr)


def run(
	command: Sequence[str | Path],
	*,
	cwd: Path | None = None,
	env: dict[str, str] | None = None,
	remedy: str = "",
	secrets: Sequence[str] = (),
	stdin: str | None = None,
) -> str:
	"""Run a command quietly and return its output; on failure raise SetupError with the end of it.

	`secrets` are blotted out of what is shown: a password must not end up in a CI log.
	"""
	words = [str(word) for word in command]
	try:
		done = subprocess.run(
			words,
			cwd=cwd,
			env=env,
			input=stdin,
			stdin=subprocess.DEVNULL if stdin is None else None,
			stdout=subprocess.PIPE,
			stderr=subprocess.STDOUT,
			text=True,
			errors="replace",
		)
	except FileNotFoundError as error:
		raise SetupError(f"the program {words[0]} is not on this machine ({error})", remedy) from error
	if done.returncode:
		tail = "\n".join(done.stdout.strip().splitlines()[-TAIL:])
		shown = " ".join("********" if word in secrets else word for word in words)
		why = f"{shown} ended with {done.returncode}\n{tail}"
		for secret in secrets:
			if len(secret) > 8:  # a short one is a developer's "admin", and a word of its own elsewhere
				why = why.replace(secret, "********")
		raise SetupError(why, remedy)
	return done.stdout
