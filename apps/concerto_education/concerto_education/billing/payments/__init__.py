"""Money that comes in (R42): payments, what they settle, refunds, reminders, certificates.

| file              | what it decides                                                        |
|-------------------|------------------------------------------------------------------------|
| ``allocation.py`` | what settles which invoice; the only writer of ``Allocation`` and of ``Invoice.outstanding`` |
| ``accounts.py``   | the account of a payer, locked: open invoices, credits                 |
| ``receive.py``    | entering and cancelling a payment                                      |
| ``refunds.py``    | paying a credit back                                                   |
| ``balance.py``    | what a payer owes, or has                                              |
| ``statement.py``  | the account line by line, with its running balance                     |
| ``unpaid.py``     | what is not paid, by age                                               |
| ``reminders/``    | reminders in levels: who, when, the letter                             |
| ``certificates/`` | tax certificate of care of the under six, certificate of payments      |
"""
