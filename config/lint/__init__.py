"""Checks of this project's own rules, those that ruff does not know. `python3 -m config.lint`, part of `make lint`."""
