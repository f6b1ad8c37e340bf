"""Families that are each there for one rule of the memo: tests and documentation point to them by name.

They are made by hand, document by document, so every validation of the forms runs on them; the crowd around
them is made in bulk (``demo/bulk.py``). ``SCENARIOS`` lists them in the order in which they are made.
"""

from concerto_education.demo.scenarios import canteen, enrolling, files, payers, presence, quotients, services
from concerto_education.demo.scenarios.registry import SCENARIOS, Scenario

__all__ = [
	"SCENARIOS",
	"Scenario",
	"canteen",
	"enrolling",
	"files",
	"payers",
	"presence",
	"quotients",
	"services",
]
