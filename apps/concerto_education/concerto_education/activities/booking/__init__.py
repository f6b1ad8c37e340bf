"""Booking and cancelling rules of activities: until when, and what a later change does (R27, R41).

| file | responsibility |
|---|---|
| `rules.py` | from the fields of an Activity or a model to the engine's rules, and their checks |
| `decisions.py` | what a change of a day does now: `decide`, `deadlines` |
| `sentences.py` | the rule in words, for the Activity, the wizard and families |

The rule itself is `engine/booking.py`.
"""

from concerto_education.activities.booking.decisions import Decision, Verdict, deadlines, decide
from concerto_education.activities.booking.sentences import rule_sentences
from concerto_education.engine.booking import Outcome

__all__ = ["Decision", "Outcome", "Verdict", "deadlines", "decide", "rule_sentences"]
