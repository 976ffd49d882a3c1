import type { TestCRM } from "./contract.js";
import type { TestCRMOptions } from "./options.js";
import { TestServer } from "./server.js";

export type { TestCRM, TestRequest } from "./contract.js";
export type { ConnectionFault, FaultRule, StatusFault, TestFault } from "./faults.js";
export { createTestList, type TestListOptions } from "./list.js";
export type { TestCRMOptions, TestCredential, TestRecord, TestUser } from "./options.js";
export type { TestOperation } from "./routes.js";

/**
 * Creates an in-memory CRM behind a `fetch`: the client runs unchanged, without a network. The 33 operations, sign-in,
 * both kinds of credential, errors, lists and limits behave like those of the emulator that this package is tested
 * with. The same requests produce the same ids.
 *
 * @example
 * const crm = createTestCRM({ leads: [{ leadInformation: { firstName: "Mona" } }] });
 * const client = new ICloudReady({ accessToken: "test", fetch: crm.fetch });
 * await client.leads.create({ leadInformation: { firstName: "Ahmed", phone: "+201001234567" } });
 * crm.leads.length; // 2
 * @throws {ConfigurationError} if an option is unknown or has an invalid value.
 */
export function createTestCRM(options: TestCRMOptions = {}): TestCRM {
  return new TestServer(options).api();
}
