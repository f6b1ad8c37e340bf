"""What a change makes of one cell of the grid, or why it is refused. No database here.

| wanted    | who                | refused                                                       |
|-----------|--------------------|---------------------------------------------------------------|
| Planned   | may judge          | closed days; months that are closed                           |
| Cancelled | may judge          | nothing to cancel                                             |
| Present   | may tick           | in the future; over A or AJ only by who may judge             |
| Absent    | may judge          | in the future; nobody was expected                            |
| Justified | may judge          | without a reason that justifies; nobody was expected          |
| Reset     | may tick or judge  | takes a tick, A or AJ back: as it was planned                 |
| Pattern   | may judge          | makes the cell follow the weekly pattern again                |

After a cut-off the activity's rule says what a change costs (``Verdict``): a booking that is late is marked as such,
a cancellation that is late stays billed. Both are still made: whoever may judge is not a family.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time

from frappe import _
from frappe.utils import formatdate

from concerto_education.attendance.service import ABSENT, CANCELLED, JUSTIFIED, PLANNED, PRESENT
from concerto_education.attendance.ticks import Refused

RESET, PATTERN = "Reset", "Pattern"
WANTED = frozenset({PLANNED, CANCELLED, PRESENT, ABSENT, JUSTIFIED, RESET, PATTERN})
BOOKED_LATE, CANCELLED_LATE = "Booked Late", "Cancelled Late"


@dataclass(frozen=True, slots=True)
class Cell:
	"""What is recorded of one person, day and unit. ``status`` is None where there is no row."""

	status: str | None = None
	planned: bool = False
	reason: str | None = None
	note: str | None = None
	arrival: time | None = None
	departure: time | None = None
	late: str = ""
	by_hand: bool = False

	@property
	def expected(self) -> bool:
		"""Whether somebody is or was expected: a justified absence says so too."""
		return self.status in (PLANNED, PRESENT, ABSENT, JUSTIFIED)


@dataclass(frozen=True, slots=True)
class Change:
	"""``seen`` is the status that the screen showed: what somebody else has changed since is not overwritten."""

	enrolment: str
	day: date
	unit: str
	wanted: str
	seen: str | None = None
	reason: str | None = None
	note: str | None = None
	arrival: time | None = None
	departure: time | None = None
	with_times: bool = False

	@property
	def key(self) -> tuple[str, date, str]:
		return (self.enrolment, self.day, self.unit)


@dataclass(frozen=True, slots=True)
class Situation:
	"""What the rules ask of the day, the account and the activity."""

	today: date
	may_tick: bool
	may_judge: bool
	month_closed: bool = False
	day_closed: str | None = None  # why the activity is closed, in words
	in_pattern: bool = False
	reasons: frozenset[str] = frozenset()
	books_late: bool = False
	cancels_late: bool = False


def apply(cell: Cell, change: Change, at: Situation) -> Cell:
	"""The cell after the change; the same cell if it changes nothing. Raises Refused."""
	if change.seen is not None and change.seen != (cell.status or ""):
		raise Refused(
			"ChangedElsewhere", _("Somebody else has changed this day meanwhile. Look and try again")
		)
	if at.month_closed:
		raise Refused("MonthClosed", _("The month is closed: its days can’t be changed here (R33)"))
	wanted = change.wanted
	if wanted == PATTERN:
		return _follow_pattern(cell, at)
	if wanted == RESET:
		return _reset(cell, at)
	if wanted == PLANNED:
		return _plan(cell, at)
	if wanted == CANCELLED:
		return _cancel(cell, at)
	return _record(cell, change, at)


def _require_judge(at: Situation) -> None:
	if not at.may_judge:
		raise Refused("NotJudging", _("You may tick, not change forecasts or absences (R10)"))


def _plan(cell: Cell, at: Situation) -> Cell:
	_require_judge(at)
	if cell.status == PLANNED:
		return cell
	if at.day_closed and not cell.planned:
		raise Refused("DayClosed", _("The activity is closed: {0}").format(at.day_closed))
	late = cell.late
	if not cell.planned:
		# Put back what was cancelled late: it was never billed otherwise, so the mark goes.
		late = "" if cell.late == CANCELLED_LATE else BOOKED_LATE if at.books_late else ""
	return Cell(PLANNED, True, note=cell.note, late=late, by_hand=True)


def _cancel(cell: Cell, at: Situation) -> Cell:
	_require_judge(at)
	if cell.status in (None, CANCELLED):
		return cell
	late = CANCELLED_LATE if cell.planned and at.cancels_late and cell.late != BOOKED_LATE else ""
	return Cell(CANCELLED, False, note=cell.note, late=late, by_hand=True)


def _follow_pattern(cell: Cell, at: Situation) -> Cell:
	"""Only what was planned or cancelled by hand: a tick or an absence is no forecast."""
	_require_judge(at)
	if cell.status not in (PLANNED, CANCELLED) or not cell.by_hand:
		return cell
	after = _plan(cell, at) if at.in_pattern else _cancel(cell, at)
	return replace(after, by_hand=False)


def _reset(cell: Cell, at: Situation) -> Cell:
	if cell.status in (None, PLANNED, CANCELLED):
		return cell
	if cell.status == PRESENT and not at.may_tick:
		raise Refused("NotTicking", _("You may not tick here (R10)"))
	if cell.status != PRESENT:
		_require_judge(at)
	return replace(
		cell,
		status=PLANNED if cell.planned else CANCELLED,
		reason=None,
		arrival=None,
		departure=None,
		by_hand=True,
	)


def _record(cell: Cell, change: Change, at: Situation) -> Cell:
	"""Present, A or AJ."""
	wanted = change.wanted
	if wanted in (PRESENT, ABSENT) and change.day > at.today:
		raise Refused(
			"FutureTick",
			_("{0} has not come yet: nobody can be present or absent").format(formatdate(change.day)),
		)
	if wanted == PRESENT:
		if not at.may_tick:
			raise Refused("NotTicking", _("You may not tick here (R10)"))
		if cell.status in (ABSENT, JUSTIFIED) and not at.may_judge:
			raise Refused("AbsenceDecided", _("Recorded as absent. Ask the coordinator to change it (R31)"))
		if at.day_closed and cell.status is None:
			raise Refused("DayClosed", _("The activity is closed: {0}").format(at.day_closed))
	else:
		_require_judge(at)
		if not cell.expected:
			raise Refused("NotExpected", _("Nobody was expected: plan the day first"))
	reason = change.reason if wanted == JUSTIFIED else None
	if wanted == JUSTIFIED:
		if not reason:
			raise Refused("ReasonNeeded", _("A justified absence needs its reason (R30)"))
		if reason not in at.reasons:
			raise Refused("ReasonDoesNotJustify", _("“{0}” does not justify an absence (R30)").format(reason))
	arrival, departure = (None, None) if wanted != PRESENT else (cell.arrival, cell.departure)
	if wanted == PRESENT and change.with_times:
		arrival, departure = change.arrival, change.departure
		if arrival and departure and departure <= arrival:
			raise Refused("BackwardHours", _("The departure must come after the arrival"))
		if departure and not arrival:
			raise Refused("ArrivalMissing", _("Give the arrival too"))
	return replace(
		cell,
		status=wanted,
		reason=reason,
		note=cell.note if change.note is None else (change.note or None),
		arrival=arrival,
		departure=departure,
		by_hand=True,
	)
