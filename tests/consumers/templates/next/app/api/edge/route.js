export const runtime = "edge";

import * as sdk from "icloud-ready";
import { validateLead } from "icloud-ready/validation";
import { scenario } from "../../../scenario.mjs";

export async function POST(request) {
  return Response.json(await scenario({ sdk, validateLead }, await request.json()));
}
