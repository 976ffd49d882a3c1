import { readFileSync, writeFileSync } from "node:fs";
import { test } from "@jest/globals";
import * as sdk from "icloud-ready";
import { validateLead } from "icloud-ready/validation";
import { scenario } from "./scenario.mjs";

const settings = JSON.parse(readFileSync("settings.json", "utf8"));

test("the scenario", async () => {
  writeFileSync("report.json", JSON.stringify(await scenario({ sdk, validateLead }, settings)));
}, 250_000);
