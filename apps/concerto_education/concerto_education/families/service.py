"""What other rooms ask of the dossier. Many families at once, in a constant number of queries.

No permission is checked here: the caller acts for documents that its user may make. What a screen asks for
is in `overview.py`, which does check.
"""

from __future__ import annotations

from concerto_education.families.custody import payer_days
from concerto_education.families.overview import age_on, family_overview
from concerto_education.families.payers import AddressBlock, address_blocks
from concerto_education.families.quotients import histories as quotient_histories
from concerto_education.families.quotients import school_year_of, value_on

__all__ = (
	"AddressBlock",
	"address_blocks",
	"age_on",
	"family_overview",
	"payer_days",
	"quotient_histories",
	"school_year_of",
	"value_on",
)
