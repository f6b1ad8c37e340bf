"""Whose records a check looks at, and for which days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import frappe
from frappe.utils import add_months, get_last_day, getdate

from concerto_education import permissions
from concerto_education.engine.ranges import DateRange

# The room that knows enrolments: a function of the scope gives {family: its sites}.
FAMILIES_HOOK = "concerto_coherence_families"


@dataclass
class Scope:
	"""``sites`` None is every site. ``day`` is today; ``span`` is the days whose enrolments count.

	``month``: the first day of the month that is billed, where the check is made for a run. What several rules need is
	fetched once (`once`).
	"""

	day: date
	span: DateRange
	sites: frozenset[str] | None = None
	month: date | None = None
	_known: dict[str, Any] = field(default_factory=dict, repr=False)

	@classmethod
	def of_reader(cls, site: str | None = None, month: date | None = None, user: str | None = None) -> Scope:
		"""What the user may see; one site of it, if asked for. The caller has checked the right to that site."""
		criterion = permissions.criterion("Site", user)
		allowed = criterion.values if criterion else None
		if site:
			allowed = frozenset({site}) if allowed is None or site in allowed else frozenset()
		return cls.of(allowed, month)

	@classmethod
	def of(cls, sites: frozenset[str] | None = None, month: date | None = None) -> Scope:
		"""From the first day of last month on, which is the one being worked on (R33); or one month."""
		today = getdate()
		if month:
			first = month.replace(day=1)
			return cls(today, DateRange(first, getdate(get_last_day(first))), sites, first)
		return cls(today, DateRange(getdate(add_months(today, -1)).replace(day=1)), sites)

	@property
	def month_span(self) -> DateRange:
		"""The month that is billed, or about to be: last month."""
		return DateRange(self.span.start, getdate(get_last_day(self.span.start)))

	@cached_property
	def families(self) -> dict[str, frozenset[str]]:
		"""Active families that use a service in the span, with the sites where they do."""
		found: dict[str, set[str]] = {}
		for path in frappe.get_hooks(FAMILIES_HOOK):
			for family, sites in frappe.get_attr(path)(self).items():
				found.setdefault(family, set()).update(sites)
		return {family: frozenset(sites) for family, sites in found.items()}

	def sites_of(self, family: str | None) -> frozenset[str]:
		return self.families.get(family, frozenset())

	def at_sites(self, query, column):
		"""The query, narrowed to the scope's sites."""
		return query if self.sites is None else query.where(column.isin(sorted(self.sites) or [""]))

	def once(self, name: str, fetch: Callable[[], Any]) -> Any:
		"""What ``fetch`` gives, fetched once for all rules of this check."""
		if name not in self._known:
			self._known[name] = fetch()
		return self._known[name]
