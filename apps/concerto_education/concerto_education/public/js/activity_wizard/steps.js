// What each step asks, in the order in which one thinks of an activity. Fields are those of the Activity itself, so
// that their labels, choices and conditions are said once.

const OPENING = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const PERIODS = ["in_school_time", "on_wednesdays", "in_small_holidays", "in_summer"];
const deadline = (change) => [
	`${change}_rule`,
	`${change}_days`,
	`${change}_weekday`,
	`${change}_weeks`,
	`${change}_time`,
];

export const steps = () => [
	{ id: "model", title: __("Model"), question: __("Which activity do you want to create?") },
	{
		id: "place",
		title: __("Name and Sites"),
		question: __("What is it called, and where does it take place?"),
	},
	{
		id: "when",
		title: __("Opening"),
		question: __("When is it open?"),
		hint: __("Public holidays and the closures of each site are left out by themselves."),
		sections: [
			{ label: __("Weekdays and Periods of the Year"), columns: [OPENING, PERIODS] },
			{ label: __("Units and Hours"), columns: [["units"]] },
		],
	},
	{
		id: "who",
		title: __("Children"),
		question: __("Who is it for?"),
		hint: __("Both ages are included. 0 means no limit."),
		sections: [
			{ columns: [["age_from"], ["age_to"], ["age_unit"]] },
			{ label: __("Categories"), columns: [["categories"]] },
			{
				label: __("Groups"),
				description: __(
					"Places for each group, unit and day. Without groups, the places of the site count.",
				),
				columns: [["groups"]],
			},
		],
	},
	{
		id: "booking",
		title: __("Booking"),
		question: __("Until when may families book and cancel?"),
		sections: [
			{ columns: [["needs_forecast"]] },
			{ label: __("Booking"), columns: [deadline("booking"), ["late_booking"]] },
			{ label: __("Cancelling"), columns: [deadline("cancelling"), ["late_cancelling"]] },
		],
	},
	{
		id: "billing",
		title: __("Billing"),
		question: __("What is billed, and at what price?"),
		hint: __("Prices by quotient, by hour or by category are entered in the tariffs afterwards."),
		sections: [
			{
				columns: [
					["billing_rule", "imputation"],
					["price", "tariff_from", "unbooked_price"],
				],
			},
			{ columns: [["top_price_without_proof", "clock_mode", "clock_step"]] },
			{
				label: __("Late Pick-ups"),
				columns: [
					["late_pickup_from", "late_pickup_grace"],
					["late_pickup_per", "late_pickup_price"],
				],
			},
		],
	},
	{ id: "check", title: __("Review"), question: __("Is everything right?") },
];

// Prices become tariffs: they are no fields of the Activity.
export const extra_fields = () => ({
	price: {
		fieldtype: "Currency",
		label: __("Price of One Presence"),
		description: __("The same for everybody. Empty: enter the tariff afterwards."),
		depends_on: "eval:doc.billing_rule!='Not Billed'",
	},
	tariff_from: {
		fieldtype: "Date",
		label: __("Prices Valid From"),
		depends_on: "eval:doc.billing_rule!='Not Billed'",
	},
	unbooked_price: {
		fieldtype: "Currency",
		label: __("Price of a Presence Not Booked"),
		description: __("Empty: the normal price."),
		depends_on: "eval:doc.billing_rule!='Not Billed'",
	},
	late_pickup_price: {
		fieldtype: "Currency",
		label: __("Price of a Late Pick-up"),
		depends_on: "eval:doc.late_pickup_from",
	},
});
