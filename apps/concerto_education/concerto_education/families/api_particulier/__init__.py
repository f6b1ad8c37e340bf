"""The quotient of the month asked from the CAF or MSA through API Particulier (R39). Off until an administrator turns it on.

``settings`` says whether and as whom, ``identity`` makes the question, ``client`` sends it, ``answers`` reads what comes
back (no network), ``service`` logs who asked and adds the quotient.
"""
