// The way in to "Inscrire" from any form: several children and several activities of a family in one pass.

frappe.provide("concerto.enrol");

/** `options`: {people: [person, …]} chosen at first; `done()` once something was made. */
concerto.enrol.open = (family, options = {}) =>
	frappe.require("enrolment.bundle.js", () => new concerto.EnrolDialog(family, options).open());

/** The grid of checkboxes for a weekly pattern. */
concerto.enrol.pattern_grid = (...args) =>
	new Promise((resolve) => {
		frappe.require("enrolment.bundle.js", () => resolve(new concerto.PatternGrid(...args)));
	});
