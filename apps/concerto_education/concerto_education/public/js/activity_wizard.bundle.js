import { ActivityWizard } from "./activity_wizard/wizard";

frappe.provide("concerto");
concerto.ActivityWizard = ActivityWizard;
