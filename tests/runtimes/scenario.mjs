// What the package must do in every runtime and in every consumer's build: the same file runs in all of them. It does
// not know where it runs, imports nothing and asserts nothing: it returns the results as plain data, for `judge` in
// support/cell.mjs.

const UNKNOWN_ID = "000000000000000000000000";

/**
 * Creates leads, lists them over two pages, and provokes a typed error, an abort and a timeout. `entries`: the
 * package's entry points as imported here. All but `sdk` may be absent: `slim` with `wasm`, the wasm entry's exports,
 * and `validateLead`. The settings are those of `prepare` there.
 */
export async function scenario({ sdk, slim, wasm, validateLead }, { baseURL, accessToken }) {
  const options = { baseURL, accessToken: async () => accessToken, maxRetries: 0 };
  const crm = new sdk.ICloudReady(options);
  const describeError = (error) => describe(sdk, error);
  const lead = (firstName) => ({ leadInformation: { firstName, phone: "+201001234567" } });

  const created = [];
  for (const name of ["Ahmed", "Mona", "Youssef"]) created.push((await crm.leads.create(lead(name)))._id);

  const pages = [];
  for await (const { data } of crm.leads.list({ limit: 2 }).pages()) pages.push(data.map(({ _id }) => _id));
  const listed = [];
  for await (const { _id } of crm.leads.list({ limit: 2 })) listed.push(_id);

  const missing = await crm.leads.retrieve(UNKNOWN_ID).then(String, describeError);

  // The CRM never responds to the following two.
  const controller = new AbortController();
  const leaving = crm.customers.retrieve(UNKNOWN_ID, { signal: controller.signal }).then(String, describeError);
  setTimeout(() => controller.abort("the visitor left"), 50);
  const aborted = await leaving;
  const late = await crm.batches.retrieve(UNKNOWN_ID, { timeout: 300 }).then(String, describeError);

  const report = { created, pages, listed, missing, aborted, late };
  if (validateLead) report.issues = (await validateLead({})).map(({ path, code }) => `${path} ${code}`);
  if (slim) report.slim = (await new slim.ICloudReady({ ...options, wasm }).leads.create(lead("Sara")))._id;
  return report;
}

/** The members of an error as JSON. */
export function describe(sdk, error) {
  const classes = Object.keys(sdk).filter((name) => /Error$/.test(name) && error instanceof sdk[name]);
  const { name, code, status, operation, attempts, ambiguous, message } = error;
  const cause = typeof error.cause === "string" ? error.cause : undefined;
  return { name, classes: classes.sort(), code, status, operation, attempts, ambiguous, message, cause };
}
