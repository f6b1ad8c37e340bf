"""Concerto Éducation: children's services of a communauté de communes, from the family file to the invoice."""

__version__ = "0.1.0"
