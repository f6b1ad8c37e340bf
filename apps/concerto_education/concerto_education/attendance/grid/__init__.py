"""The month grid, person × day: forecasts and ticks of a month, changed many at a time (R27, R30, R31).

| file      | responsibility                                                       |
|-----------|----------------------------------------------------------------------|
| rules.py  | what a change makes of one cell, or why it is refused; no database    |
| load.py   | what the screen shows, in a constant number of queries                |
| save.py   | many changes in one transaction: locks, rules, rows, history          |
| period.py | one change over a period of many weeks, for the children chosen        |
"""
