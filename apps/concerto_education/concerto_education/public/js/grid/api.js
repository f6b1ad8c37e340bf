import { call as call_path } from "../shared/call";

/** Call an endpoint of attendance; a refusal is an Error that says why in plain words. */
export const call = (method, args, verb) => call_path(`attendance.${method}`, args, verb);
