"""python3 -m config.setup COMMAND; the Makefile names the commands."""

from __future__ import annotations

import sys

from config.setup import commands
from config.setup.steps import SetupError, report

COMMANDS = {
	"setup": commands.install,
	"databases": commands.start_databases,
	"new-site": commands.new_site,
	"drop-site": commands.drop_site,
}


def main(words: list[str]) -> int:
	"""Run one command; 1 if a step failed, 2 for a command that is not there."""
	if not words or words[0] not in COMMANDS:
		print(f"usage: python3 -m config.setup {{{'|'.join(COMMANDS)}}} …", file=sys.stderr)
		return 2
	try:
		COMMANDS[words[0]](*words[1:])
	except SetupError as error:
		report(error, words[0])
		return 1
	except KeyboardInterrupt:
		print("\ninterrupted; run the same command again to go on", file=sys.stderr)
		return 130
	return 0


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
