"""What the odd cases of the demo pay for September 2026, to the cent (R26, R30, R35)."""

from __future__ import annotations

# What each odd case pays, worked out by hand: 17 school days of the canteen (Mon, Tue, Thu, Fri from the 1st). Two payers: in the order of their invoices' totals.
SEPTEMBER = {
	"married_couple": ["73.10"],  # 17 × 2.80 + 17 × 1.50
	"two_payers_alternate_weeks": ["28.40", "31.20"],  # 8 and 9 meals, 4 mornings each
	"two_payers_by_weekday": ["44.80", "50.40"],  # Mondays and Tuesdays: 9 of 17, two children
	"custody_week_swapped": ["11.20", "36.40"],  # 9 − … the week of the 21st goes to her: 13 and 4
	"two_payers_by_share": ["14.96", "22.44"],  # 37.40 at 40 and 60 %
	"foster_carer_own_family": ["47.60"],
	"foster_carer_placed_child": ["98.60"],  # 17 × 2.80 + 34 × 1.50, QF unknown
	"placed_since_october": ["47.60"],
	"holidays_by_halves": ["22.40", "25.20"],  # weeks from Friday to Friday: 8 and 9 meals
	"childrens_home": ["47.60"],
	"guardianship_udaf": ["37.40"],
	"grandmother_pays_wednesdays": ["45.00", "47.60"],  # 5 Wednesdays at 9.00
	"forbidden_contact": ["47.60"],
	"single_father_by_email": ["156.60"],  # 47.60 + 26 × 1.50 + 5 × 14.00
	"quotient_unknown": ["47.60"],
	"quotient_just_below_350": ["37.40"],
	"quotient_exactly_350": ["47.60"],
	"quotient_zero": ["37.40"],
	"quotient_changes_in_october": ["37.40"],
	"quotient_recorded_late": ["47.60"],
	"quotient_gap": [],
	"quotient_of_last_year_only": [],
	"scheme_msa": ["47.60"],
	"scheme_special": ["47.60"],
	"scheme_missing": ["47.60"],
	"own_meal": ["47.60"],
	"category_changes": ["47.60"],
	"trainee": ["0.00"],
	"agent_in_charge_of_children": ["0.00"],
	"staff_on_site": ["47.60"],
	"teacher": ["40.00"],  # 4 Mondays and 4 Thursdays at 5.00
	"outside_worker": ["20.00"],
	"teacher_and_mother": ["92.60"],  # 9 × 5.00 + 47.60
	"held_under_threshold": ["8.40"],
	"held_then_sent": ["11.20"],
	"exactly_at_threshold": ["15.00"],
	"garderie_at_two_sites": ["37.50"],  # 17 mornings, 8 evenings
	"even_weeks_only": ["30.80"],  # 9 days of even weeks and 2 Thursdays
	"married_name": ["47.60"],
	"accents_and_hyphens": ["47.60"],
	"new_commune": ["47.60"],
	"outside_the_territory": ["47.60"],
	"four_siblings": ["230.60"],  # 68 × 2.20 + 34 × 1.50 + 5 × 6.00
	"twins": ["95.20"],
	"entered_twice": ["47.60"],
	"entered_twice_again": ["57.50"],  # 5 Wednesdays at 11.50
	"opening_note": ["47.60"],
	"leaves_in_october": ["61.10"],
	"arrives_mid_month": ["56.00"],  # 2 × 10 meals from the 14th
	"cancelled_enrolment": ["47.60"],
	"justified_absences": ["41.10"],  # 12 meals, 5 evenings
	"unjustified_absences": ["58.10"],  # 17 meals, 7 evenings
	"absent_all_month": ["37.40"],
	"justified_all_month": [],
	"certificate_after_issue": ["61.10"],
	"works_in_shifts": ["50.40"],  # weeks of 3, 1, 0, 4 and 1 meals, two children: 18 × 2.80
	"garderie_by_the_half_hour": ["18.60"],  # 11 × 0.60 and 12.00 for the bus
	"holidays_and_camp": [],  # in October
	"nursery_contract": ["211.15"],  # 119 + 0.5 − 17 hours at 2.06
	"nursery_occasional": ["26.40"],  # 15 hours at 1.76
	"present_without_forecast": ["64.10"],  # 17 meals, 9 evenings and 2 that nobody expected
}
