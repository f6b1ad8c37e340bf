"""Tariffs of the authority (R7, R26): records → engine, checks of the form, gaps, scripts, simulator.

| file | responsibility |
|---|---|
| `records.py` | from Tariff records to the engine's tariffs, many at a time |
| `checks.py` | what is refused when a tariff is saved, by name |
| `coverage.py` | days on which a category or site has no tariff: warned about |
| `scripts.py` | the method *Script*: a sandboxed Server Script with the engine's contract |
| `profiles.py` | what a price depends on besides the QF: rank among siblings, residence, resources |
| `simulator.py` | what would this cost, and why |
"""

from concerto_education.activities.tariffs.records import engine_tariff, tariff_book

__all__ = ["engine_tariff", "tariff_book"]
