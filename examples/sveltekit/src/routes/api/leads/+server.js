import { env } from "$env/dynamic/private";
import { forwardLead } from "$lib/forward-lead.js";

export const POST = ({ request }) => forwardLead(request, env);
