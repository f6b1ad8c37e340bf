"""Lists of quotients from the CAF (CDAP) or MSA as CSV: a preview line by line, then the good lines are added (R14, R39).

``reading`` makes lines of a file (no database), ``values`` reads a number or a date (no database), ``matching`` finds
the family, ``service`` previews and applies, ``report`` writes down what was done with each line.
"""
