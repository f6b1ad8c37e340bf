// What representatives allow for their child: shown and recorded on the dossier and on the child's own form (R7, R17).
frappe.provide("concerto.families");

(() => {
	const API = "concerto_education.families.documents.api.";
	const esc = (value) => frappe.utils.escape_html(String(value ?? ""));
	const day = (value) => (value ? frappe.datetime.str_to_user(String(value).slice(0, 10)) : "");

	// ---------------------------------------------------------------- what is drawn

	function row(answer, in_full) {
		const kind = { Given: "is-given", Refused: "is-refused" }[answer.value] || "is-open";
		const words = { Given: __("Yes"), Refused: __("No") }[answer.value] || __("Not Answered");
		const who = answer.value
			? __("{0}, on {1}", [answer.signed_by, day(answer.signed_on)])
			: answer.question;
		const detail = in_full ? `<small class="text-muted">${esc(who)}</small>` : "";
		return `<li class="${kind}" title="${esc(who)}"><span>${esc(answer.type)}${detail}</span><b>${esc(words)}</b></li>`;
	}

	// One child's answers; in full with who signed when. The button carries data-action="answer" and the person.
	concerto.families.answers_card = (child, may_answer, title, in_full = false) => {
		const act = may_answer
			? `<button class="btn btn-xs btn-default" data-action="answer" data-person="${esc(child.person)}">${esc(
					__("Record Answers"),
				)}</button>`
			: "";
		return `<div class="concerto-card"><div class="concerto-part-head"><div class="concerto-name">${esc(title)}</div>${act}</div>
			<ul class="concerto-answers">${child.answers.map((answer) => row(answer, in_full)).join("")}</ul></div>`;
	};

	// ---------------------------------------------------------------- a signed form is recorded

	concerto.families.ask_answers = async (family, child, done) => {
		const signers = await frappe.xcall(`${API}signatories`, { family, person: child.person });
		if (!signers.length) {
			frappe.msgprint(__("Nobody can sign: add a representative to the family first"));
			return;
		}
		const fields = child.answers.map((answer, number) => ({
			fieldname: `answer_${number}`,
			fieldtype: "Select",
			label: answer.type,
			description: esc(answer.question),
			options: [
				{ value: "", label: __("Not Answered") },
				{ value: "Given", label: __("Yes") },
				{ value: "Refused", label: __("No") },
			],
			default: answer.value,
		}));
		const dialog = new frappe.ui.Dialog({
			title: __("Authorisations of {0}", [child.full_name]),
			fields: [
				{
					fieldname: "signed_by",
					fieldtype: "Select",
					label: __("Signed By"),
					options: signers,
					default: signers[0].value,
					reqd: 1,
				},
				{ fieldtype: "Column Break" },
				{
					fieldname: "signed_on",
					fieldtype: "Date",
					label: __("Signed On"),
					default: frappe.datetime.get_today(),
					reqd: 1,
				},
				{ fieldtype: "Section Break" },
				...fields,
			],
			primary_action_label: __("Record"),
			primary_action(values) {
				const answers = {};
				child.answers.forEach((answer, number) => {
					if (values[`answer_${number}`]) answers[answer.type] = values[`answer_${number}`];
				});
				frappe
					.xcall(`${API}record_answers`, {
						family,
						person: child.person,
						answers: JSON.stringify(answers),
						signed_by: values.signed_by,
						signed_on: values.signed_on,
					})
					.then(() => {
						dialog.hide();
						frappe.show_alert({ message: __("Recorded"), indicator: "green" });
						done();
					})
					.catch(() => {}); // the server has said why; the dialog stays open with what was chosen
			},
		});
		dialog.show();
	};

	// ---------------------------------------------------------------- the form of a child

	// The parents of a child of two dossiers sign in one of them: it is asked which.
	function in_family(families, then) {
		if (families.length === 1) return then(families[0].name);
		frappe.prompt(
			[
				{
					fieldname: "family",
					fieldtype: "Select",
					label: __("Family"),
					options: families.map((one) => ({ value: one.name, label: one.title })),
					default: families[0].name,
					reqd: 1,
				},
			],
			({ family }) => then(family),
			__("In which family was it signed?"),
			__("Continue"),
		);
	}

	function draw(frm) {
		const person = frm.doc.name;
		return frappe.xcall(`${API}answers_of`, { person }).then((data) => {
			if (frm.doc.name !== person) return; // another one was opened meanwhile
			const shown = Boolean(data.families.length);
			frm.toggle_display(["authorisations_section", "authorisations_view"], shown);
			if (!shown) return; // an adult answers for others
			frm.get_field("authorisations_view")
				.$wrapper.html(
					`<div class="concerto-documents concerto-one">${concerto.families.answers_card(
						data,
						data.may_answer,
						__("Signed by the representatives"),
						true,
					)}</div>`,
				)
				.off("click.concerto")
				.on("click.concerto", "[data-action=answer]", () =>
					in_family(data.families, (family) =>
						concerto.families.ask_answers(family, data, () => draw(frm)),
					),
				);
		});
	}

	frappe.ui.form.on("Person", {
		refresh(frm) {
			frm.toggle_display(["authorisations_section", "authorisations_view"], false);
			if (!frm.is_new() && frappe.model.can_read("Authorisation")) draw(frm);
		},
	});
})();
