// What is shown: site, activity, day and unit, as large controls. It knows no list; it tells what was chosen.

import { esc } from "./view";

export class Bar {
	/** `chosen({site?, activity?, unit?, day?})` after a choice, `moved("previous" | "next")` for the arrows. */
	constructor($parent, { chosen, moved }) {
		const select = (name, label) =>
			`<label class="ds-field"><span>${label}</span><select class="ds-${name} form-control"></select></label>`;
		const arrow = (step, icon, label) =>
			`<button type="button" class="ds-arrow btn btn-default" data-step="${step}" title="${label}"
				aria-label="${label}">${icon}</button>`;
		$parent.html(`
			${select("site", __("Site"))}
			${select("activity", __("Activity"))}
			<div class="ds-field ds-date"><span>${__("Date")}</span><div>
				${arrow("previous", "‹", __("Previous open day"))}
				<div class="ds-day"></div>
				${arrow("next", "›", __("Next open day"))}
			</div></div>
			<div class="ds-units" role="group" aria-label="${__("Unit")}"></div>`);
		this.$site = $parent.find(".ds-site").on("change", () => chosen({ site: this.$site.val() }));
		this.$activity = $parent
			.find(".ds-activity")
			.on("change", () => chosen({ activity: this.$activity.val() }));
		this.$units = $parent
			.find(".ds-units")
			.on("click", "button", (event) => chosen({ unit: event.currentTarget.dataset.unit }));
		this.$arrows = $parent
			.find(".ds-arrow")
			.on("click", (event) => moved(event.currentTarget.dataset.step));
		this.make_day($parent.find(".ds-day"), chosen);
	}

	make_day($parent, chosen) {
		this.day = frappe.ui.form.make_control({
			parent: $parent,
			df: { fieldtype: "Date", fieldname: "day", label: __("Date") },
			only_input: true,
			render_input: true,
		});
		this.day.df.change = () => {
			const day = this.day.get_value();
			if (day && day !== this.shown_day) chosen({ day });
		};
	}

	show(options, site, choice) {
		const names = (rows, field) => rows.map((row) => row[field]);
		fill(this.$site, names(options, "site"), choice.site);
		fill(this.$activity, names(site.activities, "activity"), choice.activity);
		const { units } = site.activities.find((row) => row.activity === choice.activity);
		this.$units.toggle(units.length > 1).html(
			units
				.map(
					({ unit, label }) =>
						`<button type="button" class="ds-unit" data-unit="${esc(unit)}"
							aria-pressed="${unit === choice.unit}">${esc(label)}</button>`,
				)
				.join(""),
		);
	}

	show_day(sheet) {
		this.shown_day = sheet.day;
		if (this.day.get_value() !== sheet.day) this.day.set_value(sheet.day);
		this.$arrows.each((_, button) => {
			button.disabled = !sheet[button.dataset.step];
		});
	}
}

function fill($select, values, chosen) {
	$select
		.html(values.map((value) => `<option value="${esc(value)}">${esc(value)}</option>`).join(""))
		.val(chosen)
		.prop("disabled", values.length < 2);
}
