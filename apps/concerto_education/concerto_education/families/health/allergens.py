"""The words of an allergy. The 14 allergens are those that European law makes every kitchen declare (R23)."""

from __future__ import annotations

ALLERGENS = (
	"Gluten",
	"Crustaceans",
	"Eggs",
	"Fish",
	"Peanuts",
	"Soya",
	"Milk",
	"Nuts",
	"Celery",
	"Mustard",
	"Sesame",
	"Sulphites",
	"Lupin",
	"Molluscs",
)
OTHER_FOOD = "Other Food"
NOT_FOOD = "Not Food"
# These two are named in words of their own.
NAMED = (OTHER_FOOD, NOT_FOOD)

INTOLERANCE = "Intolerance"
ALLERGY = "Allergy"
SEVERE = "Severe Allergy"
LIFE_THREATENING = "Life-threatening"
# The worst first: the order in which they are read.
SEVERITIES = (LIFE_THREATENING, SEVERE, ALLERGY, INTOLERANCE)
DANGEROUS = (LIFE_THREATENING, SEVERE)
