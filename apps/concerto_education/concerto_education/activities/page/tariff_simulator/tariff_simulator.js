// What would it cost, for whom and when: the tariff that holds is found as billing finds it (R26).
frappe.pages["tariff-simulator"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({
		parent: wrapper,
		title: __("Price Simulator"),
		single_column: true,
	});
	frappe.require("/assets/concerto_education/js/tariffs/simulator.js", () => {
		wrapper.simulator = new PriceSimulator(page);
	});
};

class PriceSimulator {
	constructor(page) {
		this.page = page;
		$(page.main).html(
			`<div class="tariff-simulator"><p class="text-muted"></p><div class="fields"></div></div>`,
		);
		$(page.main)
			.find("p")
			.text(__("Choose an activity and a day: the tariff that holds says what it needs to know."));
		this.group = new frappe.ui.FieldGroup({
			body: $(page.main).find(".fields")[0],
			fields: [
				...this.where(),
				{ fieldtype: "Section Break", label: "" },
				...concerto.simulator.fields(),
			],
			no_submit_on_enter: true,
		});
		this.group.make();
		concerto.simulator.show_questions(this.group, {});
		page.set_primary_action(__("Simulate"), () => this.simulate());
		$(page.main).on("keydown", "input:not([data-fieldtype=Link])", (event) => {
			if (event.key === "Enter") this.simulate();
		});
		this.read_route();
	}

	where() {
		const ask = () => this.ask();
		return [
			{
				fieldname: "activity",
				fieldtype: "Link",
				options: "Activity",
				label: __("Activity"),
				reqd: 1,
				get_query: () => ({ filters: { active: 1 } }),
				change: () => this.load_offer().then(ask),
			},
			{
				fieldname: "day",
				fieldtype: "Date",
				label: __("Date"),
				reqd: 1,
				default: frappe.datetime.get_today(),
				change: ask,
			},
			{ fieldtype: "Column Break" },
			{ fieldname: "category", fieldtype: "Select", label: __("Category"), options: [""], change: ask },
			{ fieldname: "site", fieldtype: "Select", label: __("Site"), options: [""], change: ask },
		];
	}

	read_route() {
		const given = frappe.route_options || {};
		frappe.route_options = null;
		if (given.activity) this.group.set_value("activity", given.activity);
	}

	load_offer() {
		const activity = this.group.get_value("activity");
		if (!activity || activity === this.offered) return Promise.resolve();
		this.offered = activity;
		return frappe.db.get_doc("Activity", activity).then((doc) => {
			this.set_options(
				"category",
				doc.categories.map((row) => row.category),
			);
			this.set_options(
				"site",
				doc.sites.map((row) => row.site),
			);
		});
	}

	set_options(name, values) {
		const field = this.group.get_field(name);
		field.df.options = ["", ...values];
		field.refresh();
		field.set_input(values[0] || "");
	}

	place() {
		const { activity, day, category, site } = this.group.get_values(true);
		return { activity, day, category, site };
	}

	// Which questions the tariff of that day asks; the latest answer counts.
	ask() {
		const place = this.place();
		if (!place.activity || !place.day) return;
		// A link field says "changed" again when it is left: what is ticked by then stays.
		const question = JSON.stringify(place);
		if (question === this.question) return;
		this.question = question;
		const number = (this.asked = (this.asked || 0) + 1);
		const method = "concerto_education.activities.tariffs.simulator.questions";
		frappe.call({ method, args: place }).then(({ message }) => {
			if (number !== this.asked) return;
			concerto.simulator.show_questions(this.group, message.asks || {}, message.units);
			if (message.problem) concerto.simulator.show(this.group, message);
			else this.group.get_field("answer").$wrapper.empty();
		});
	}

	simulate() {
		const place = this.place();
		if (!place.activity || !place.day) {
			frappe.show_alert({
				message: __("Choose the activity and the date first."),
				indicator: "orange",
			});
			return;
		}
		const { answers, quotient, show } = concerto.simulator;
		frappe
			.call({
				method: "concerto_education.activities.tariffs.simulator.ask",
				args: { ...place, quotient: quotient(this.group), answers: answers(this.group) },
			})
			.then(({ message }) => show(this.group, message));
	}
}
