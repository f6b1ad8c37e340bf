"""Children placed with a foster carer or in a children's home (R17, R18).

``service`` records a placement and what follows from it, ``rules`` says what is refused, ``letters`` tells coordinator
and director, ``days`` answers who pays for a placed child and whether it is placed on a day.
"""
