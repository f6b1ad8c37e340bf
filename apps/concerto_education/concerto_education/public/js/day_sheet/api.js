// Calls of the day sheet: what could not be sent was not recorded.
import { call as call_path } from "../shared/call";

export const call = (method, args, verb) =>
	call_path(`attendance.api.${method}`, args, verb, __("No network: this was not recorded."));
