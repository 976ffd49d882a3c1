// The package's OpenAPI document: it is valid, has every route, and a client made of it calls the CRM.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Validator } from "@seriousme/openapi-schema-validator";
import openapiTS, { astToString } from "openapi-typescript";
import { ACCESS_TOKEN, startSandbox } from "../../tools/sandbox.mjs";

const require = createRequire(join(process.env.ICLOUD_READY_TARBALL_DIR, "package.json"));
const document = JSON.parse(await readFile(require.resolve("icloud-ready/openapi.json"), "utf8"));
const folder = fileURLToPath(new URL(".", import.meta.url));

test("it is valid OpenAPI 3.1", async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(document));
  assert.ok(valid, JSON.stringify(errors, null, 2));
  assert.equal(validator.version, "3.1");
});

test("it has every operation and no other", async () => {
  const golden = await readFile(new URL("../golden/routes.txt", import.meta.url), "utf8");
  // The vendor spells arguments in two ways; the names are the SDK's.
  const unnamed = (route) => route.replaceAll(/:\w+|\{\w+\}/g, ":");
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => `${operationId} ${method.toUpperCase()} ${path}`),
  );
  assert.deepEqual(operations.map(unnamed).sort(), golden.trim().split("\n").map(unnamed).sort());
});

test("each reference has its schema, and each schema a reference", () => {
  const text = JSON.stringify(document);
  const references = new Set([...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name));
  assert.deepEqual([...references].sort(), Object.keys(document.components.schemas).sort());
});

test("a client made of it by openapi-typescript compiles and calls the CRM", async (test) => {
  const project = await mkdtemp(join(folder, "client-"));
  test.after(() => rm(project, { recursive: true }));
  await writeFile(join(project, "openapi.d.ts"), astToString(await openapiTS(document)));
  await copyFile(join(folder, "client.ts"), join(project, "client.ts"));
  const compilerOptions = {
    target: "ES2022",
    module: "NodeNext",
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    lib: ["ES2022", "DOM"],
    types: ["node"],
  };
  await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["client.ts"] }));
  await run(
    join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc"),
    "--project",
    project,
  );

  const sandbox = await startSandbox(test);
  const result = JSON.parse(await run(join(project, "client.js"), sandbox.url, ACCESS_TOKEN));
  assert.equal(result.city, "Cairo");
  assert.ok(result.deleted < 300, String(result.deleted));
  const requests = (await sandbox.requests()).map(({ method, path }) => `${method} ${path}`);
  for (const route of ["POST /leads", "GET /leads"]) assert.ok(requests.includes(route), requests.join("\n"));
});

/** Runs a script to its end; returns what it printed. */
async function run(...args) {
  try {
    return (await promisify(execFile)(process.execPath, args)).stdout;
  } catch (error) {
    throw new Error(`${args[0]} failed:\n${error.stdout}${error.stderr}`, { cause: error });
  }
}
