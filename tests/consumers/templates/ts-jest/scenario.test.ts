import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import * as sdk from "icloud-ready";
import { type Issue, validateLead } from "icloud-ready/validation";
// eslint-disable-next-line @typescript-eslint/no-require-imports -- The scenario has no types.
const { scenario } = require("./scenario.cjs");

const settings: { baseURL: string; accessToken: string } = JSON.parse(readFileSync("settings.json", "utf8"));

test("the scenario", async () => {
  const issues: Issue[] = await validateLead({});
  expect(issues.length).toBeGreaterThan(0);
  writeFileSync("report.json", JSON.stringify(await scenario({ sdk, validateLead }, settings)));
}, 250_000);
