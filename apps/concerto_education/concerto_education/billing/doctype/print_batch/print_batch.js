// A print batch: its file, and the day on which it was handed to the post.
frappe.ui.form.on("Print Batch", {
	refresh(frm) {
		clearTimeout(frm.poll);
		frm.disable_save();
		show_batch(frm);
	},
});

function show_batch(frm) {
	const name = frm.doc.name;
	frappe
		.xcall("concerto_education.billing.posting.api.batch_standing", { batch: name })
		.then((standing) => {
			if (frm.doc.name !== name) return;
			if (standing.status !== frm.doc.status) return frm.reload_doc();
			frm.get_field("overview").$wrapper.html(batch_overview(standing));
			batch_buttons(frm, standing);
			if (standing.status === "Printing" && !standing.stands_still) {
				frm.poll = setTimeout(() => cur_frm === frm && show_batch(frm), 2500);
			}
		});
}

function batch_overview(standing) {
	const text = {
		Printing: standing.stands_still
			? __(
					"The work was interrupted. Go on: what is done stays, the parts that are missing are printed.",
				)
			: __("The letters are being printed: {0} of {1} parts.", [standing.parts_done, standing.parts]),
		Ready: __(
			"The file is ready: print it, put the letters into envelopes, and note when the post has them.",
		),
		Posted: __("Handed to the post on {0}.", [standing.posted_on]),
	}[standing.status];
	return `<p class="concerto-next" style="margin: 8px 0; font-size: 15px">${text}</p>`;
}

function batch_buttons(frm, standing) {
	frm.clear_custom_buttons();
	const run = (method) =>
		frappe
			.call({
				method: `concerto_education.billing.posting.api.${method}`,
				args: { batch: frm.doc.name },
				freeze: true,
			})
			.then(() => frm.reload_doc());
	if (standing.file) {
		frm.add_custom_button(__("Open the File to Print"), () => window.open(encodeURI(standing.file)));
	}
	if (standing.stands_still) {
		frm.add_custom_button(__("Go On"), () => run("go_on")).addClass("btn-primary");
	}
	if (standing.status === "Ready") {
		frm.add_custom_button(__("Handed to the Post"), () =>
			frappe.prompt(
				{
					fieldname: "day",
					fieldtype: "Date",
					label: __("Handed to the Post On"),
					default: frappe.datetime.get_today(),
					reqd: 1,
				},
				(values) =>
					frappe
						.call({
							method: "concerto_education.billing.posting.api.hand_over",
							args: { batch: frm.doc.name, day: values.day },
							freeze: true,
						})
						.then(() => frm.reload_doc()),
				__("Handed to the Post"),
				__("Confirm"),
			),
		).addClass("btn-primary");
	}
	frm.add_custom_button(__("Show the Letters"), () =>
		frappe.set_route("List", "Posting", { batch: frm.doc.name }),
	);
}
