"""The monthly close of a site (R33): confirmed attendance is not changed any more, except by who has the right.

| file           | what                                                               |
|----------------|--------------------------------------------------------------------|
| `months.py`    | which months are closed, and the refusal                           |
| `left.py`      | what is left to do before a month can be closed                    |
| `close.py`     | close and reopen                                                   |
| `trace.py`     | changes of a closed month leave a trace                            |
| `reminders.py` | the sites that are late hear of it, on the days of the settings    |
| `board.py`     | every site against the calendar of R33                             |
"""

from concerto_education.attendance.closing.months import (
	closed_months,
	first_of,
	is_closed,
	may_change_closed,
	month_span,
	require_open,
)

__all__ = ["closed_months", "first_of", "is_closed", "may_change_closed", "month_span", "require_open"]
