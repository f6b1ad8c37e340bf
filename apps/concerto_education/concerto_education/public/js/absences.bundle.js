import { Absences } from "./absences/page";

frappe.provide("concerto");
concerto.Absences = Absences;
