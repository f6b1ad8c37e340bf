"""The coherence check (R7, R33): what in the records doesn't fit together, how often, and where to mend it.

| file          | what                                                                       |
|---------------|----------------------------------------------------------------------------|
| `rule.py`     | what a rule is: one small class, found by the hook `concerto_coherence_rules` |
| `scope.py`    | whose records are looked at: the sites of the reader, the days             |
| `check.py`    | runs rules, under the permissions of the reader                            |
| `settings.py` | what administrators decide of a rule: severity, who is told                |
| `trend.py`    | counts by week and site                                                    |
| `weekly.py`   | every Monday: counts kept, sites and administrators told                   |
| `api.py`      | what the page calls                                                        |

To add a rule, write its class in the file `coherence.py` of the room that knows it; the hook names these files.
"""

from concerto_education.authority.coherence.rule import BLOCKING, IGNORED, WARNING, Finding, Rule, Topic
from concerto_education.authority.coherence.scope import Scope

__all__ = ["BLOCKING", "IGNORED", "WARNING", "Finding", "Rule", "Scope", "Topic"]
