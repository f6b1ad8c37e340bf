"""python3 -m config.setup COMMAND; the Makefile names the commands."""

from __future__ import annotations

import signal
import sys

from config.setup import backups, demo, developer, environment, install, quality, testing, training
from config.setup.steps import SetupError, report

COMMANDS = {
	"up": demo.up,
	"down": demo.down,
	"reset": demo.reset,
	"logins": demo.logins,
	"test": testing.test,
	"bench": testing.bench,
	"lint": quality.lint,
	"format": quality.format_files,
	"setup": install.install,
	"databases": demo.start_databases,
	"new-site": developer.new_site,
	"drop-site": developer.drop_site,
	"backup": backups.backup,
	"restore": backups.restore,
	"school": training.school,
	"lock": environment.lock,
}


def main(words: list[str]) -> int:
	"""Run one command; 1 if a step failed, 2 for a command that is not there."""
	if not words or words[0] not in COMMANDS:
		print(f"usage: python3 -m config.setup {{{'|'.join(COMMANDS)}}} …", file=sys.stderr)
		return 2
	signal.signal(signal.SIGTERM, _end)  # else what was started would outlive this process
	try:
		return COMMANDS[words[0]](*words[1:]) or 0
	except SetupError as error:
		report(error, words[0])
		return 1
	except KeyboardInterrupt:
		print("\ninterrupted; run the same command again to go on", file=sys.stderr)
		return 130


def _end(signum: int, frame: object) -> None:
	raise SystemExit(128 + signum)


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
