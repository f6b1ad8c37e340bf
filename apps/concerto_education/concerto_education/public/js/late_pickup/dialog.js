// A child was fetched after the end (dépassement horaire): minutes, or excused with a reason. Coordinators and directors (R10).
import { call as call_path } from "../shared/call";

const call = (method, args, verb) =>
	call_path(`attendance.api.${method}`, args, verb, __("No network: this was not recorded."));

/** Record, correct or take back the late pick-up of an enrolment on a day; `done()` once something has changed. */
export async function late_pickup(enrolment, day, done) {
	let known;
	try {
		known = await call("late_pickup", { enrolment, day }, "GET");
	} catch (error) {
		frappe.show_alert({ message: error.message, indicator: "red" }, 9);
		return;
	}
	const dialog = new frappe.ui.Dialog({
		title: __("Late pick-up of {0}", [known.child]),
		fields: [
			{ fieldname: "about", fieldtype: "HTML", options: about(known) },
			{
				fieldname: "minutes",
				fieldtype: "Int",
				label: __("Minutes Late"),
				default: known.minutes || "",
				reqd: 1,
				non_negative: 1,
			},
			{
				fieldname: "excused",
				fieldtype: "Check",
				label: __("Excused"),
				default: Number(known.excused),
				description: __("Recorded, but neither counted nor billed"),
			},
			{
				fieldname: "note",
				fieldtype: "Small Text",
				label: __("Note"),
				default: known.note,
				mandatory_depends_on: "eval:doc.excused",
			},
		],
		primary_action_label: __("Record the Late Pick-up"),
		primary_action: ({ minutes, excused, note }) =>
			send("record_late_pickup", { minutes, excused: Boolean(excused), note: note || null }),
		secondary_action_label: known.recorded ? __("Take Back the Late Pick-up") : null,
		secondary_action: known.recorded ? () => send("remove_late_pickup", {}) : null,
	});

	async function send(method, args) {
		try {
			await call(method, { enrolment, day, ...args });
		} catch (error) {
			dialog.set_message?.("");
			frappe.show_alert({ message: error.message, indicator: "red" }, 9);
			return;
		}
		dialog.hide();
		frappe.show_alert({
			message:
				method === "record_late_pickup" ? __("Late pick-up recorded") : __("Late pick-up taken back"),
			indicator: "green",
		});
		done();
	}
	dialog.show();
}

function about({ activity, day, rule, number, billed_from }) {
	const esc = frappe.utils.escape_html;
	const counted = !billed_from
		? ""
		: number >= billed_from
			? __("It is number {0}: it will be billed.", [number])
			: __("It is number {0}: it is not billed yet.", [number]);
	return `<p class="late-about"><b>${esc(activity)}</b>, ${frappe.datetime.str_to_user(day)}<br>
		${esc(rule)} <span>${counted}</span></p>`;
}
