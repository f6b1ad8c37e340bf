import { EnrolDialog } from "./enrolment/dialog";
import { PatternGrid } from "./enrolment/pattern_grid";

frappe.provide("concerto");
concerto.EnrolDialog = EnrolDialog;
concerto.PatternGrid = PatternGrid;
