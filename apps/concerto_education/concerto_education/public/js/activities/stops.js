// Where a child gets on and off: the stops of the line, for transport only (R28).

frappe.ui.form.on("Enrolment", {
	refresh: show_stops,
	activity: show_stops,
});

async function show_stops(frm) {
	const activity = frm.doc.activity;
	const line = activity ? await frappe.db.get_doc("Activity", activity) : {};
	if (frm.doc.activity !== activity) return;
	const stops = (line.stops || []).map((row) => row.stop_name);
	for (const field of ["stop_out", "stop_return"]) {
		const kept = frm.doc[field] && !stops.includes(frm.doc[field]) ? [frm.doc[field]] : [];
		frm.set_df_property(field, "options", ["", ...stops, ...kept]);
	}
	frm.toggle_display("transport_section", Boolean(stops.length || frm.doc.stop_out || frm.doc.stop_return));
}
