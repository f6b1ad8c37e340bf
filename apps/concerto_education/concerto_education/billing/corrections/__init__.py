"""Corrections of what is invoiced (R34): manual adjustments, credit notes, re-issue, waivers.

| file | responsibility |
|---|---|
| `adjustments.py` | what a clerk adds by hand, taken by the next run |
| `standing.py` | what stands of an invoice: the positions that can still be credited |
| `correct.py` | one correction from its request to its end, under the lock of the runs |
| `credit_note.py` | the credit note, its lines and its entries in the ledger |
| `third_parties.py` | what a funder owes less, when a day that it pays for is cancelled |
| `waivers.py` | what isn't billed again by itself |
| `reissue.py` | cancelled days billed anew, with the facts and payers of today |
| `guards.py` | what may be corrected, and when |
| `history.py` | who did what and why, for the form of the invoice |
| `api.py` | what the buttons call |
"""
