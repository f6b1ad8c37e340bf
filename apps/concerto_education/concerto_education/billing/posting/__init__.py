"""Invoices leave the house: a print batch for the post, e-mails for those who chose them.

| file | what it answers |
|---|---|
| `plan.py` | which invoices of a run leave by which way: one `Posting` for each |
| `batch.py` | a print batch: begun, gone on with, handed to the post |
| `printing.py` | its jobs: parts in parallel, then one file |
| `emails.py` | the jobs that write e-mails, one transaction for each |
| `results.py` | what became of them; a failed one falls back to the post |
| `figures.py` | where all this stands, for the screens |
| `api.py` | the buttons |
"""
