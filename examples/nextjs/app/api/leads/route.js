import { forwardLead } from "../../../lib/forward-lead";

export const POST = (request) => forwardLead(request, process.env);
