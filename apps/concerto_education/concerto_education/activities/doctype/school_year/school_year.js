frappe.ui.form.on("School Year", {
	refresh(frm) {
		show_terms(frm);
		if (!frm.perm[0]?.write) return;
		frm.add_custom_button(__("Fill the Calendar"), () => fill(frm));
		if (!frm.is_new()) {
			frm.add_custom_button(__("Prepare the Next School Year"), () =>
				frappe.set_route("year-rollover"),
			);
		}
		if (!frm.doc.holidays?.length) {
			frm.set_intro(
				__("Choose the zone and both days, then “Fill the Calendar”: everything stays editable."),
			);
		}
	},
	starts_on(frm) {
		if (!frm.doc.starts_on) return;
		const year = Number(frm.doc.starts_on.slice(0, 4));
		if (!frm.doc.ends_on) frm.set_value("ends_on", `${year + 1}-08-31`);
		if (!frm.doc.title) frm.set_value("title", `${year}-${year + 1}`);
	},
	onload(frm) {
		if (frm.is_new() && !frm.doc.zone) {
			frappe.db
				.get_single_value("Authority Settings", "school_zone")
				.then((zone) => frm.set_value("zone", zone || "A"));
		}
	},
});

// What lies between the holidays, as saved: nobody has to enter it.
function show_terms(frm) {
	const terms = frm.is_new() ? [] : frm.doc.__onload?.terms || [];
	const rows = terms.map(
		([start, end], index) =>
			`<tr><td>${__("Period {0}", [index + 1])}</td><td>${__("from {0} to {1}", [start, end])}</td></tr>`,
	);
	frm.fields_dict.terms.$wrapper.html(
		rows.length
			? `<label class="control-label">${__("School periods between the holidays")}</label>
				<table class="table table-bordered"><tbody>${rows.join("")}</tbody></table>`
			: "",
	);
}

function fill(frm) {
	if (!frm.doc.starts_on || !frm.doc.ends_on || !frm.doc.zone) {
		frappe.msgprint(__("Choose the zone, the first and the last day first."));
		return;
	}
	const run = () =>
		frm.call("fill_from_official_calendar").then(() => {
			frm.dirty();
			frm.refresh_fields();
			frappe.show_alert({
				message: __("Check the dates, add bridges if need be, then save."),
				indicator: "blue",
			});
		});
	if (frm.doc.holidays?.length || frm.doc.public_holidays?.length) {
		frappe.confirm(__("Replace the holidays of this year by the official calendar?"), run);
	} else {
		run();
	}
}
