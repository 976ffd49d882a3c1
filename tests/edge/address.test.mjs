// The address by which requests are rate limited.
import assert from "node:assert/strict";
import { test } from "node:test";
import { node, workerd } from "./support/platforms.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { body, postJson } from "./support/requests.mjs";

const { addressReader } = await import(`${packageFolder}/dist/forwarder/rules/client-address.js`);
const by = (option, headers, socket) => addressReader(option)(new Headers(headers), socket);

test("IPv6 clients are counted per /64 in any notation; IPv4 clients per address", () => {
  const at = (address) => by("socket", {}, address);
  const household = [
    "2001:db8:1:2::1",
    "2001:DB8:1:2:ffff:ffff:ffff:ffff",
    "2001:0db8:0001:0002::",
    "[2001:db8:1:2::7]",
    "[2001:db8:1:2::7]:443",
    "2001:db8:1:2::1%eth0",
  ];
  assert.equal(new Set(household.map(at)).size, 1);
  assert.equal(
    new Set(["2001:db8:1:2::1", "2001:db8:1:3::1", "2001:db8::1:2:0:1", "::1", "192.0.2.1", "192.0.2.2"].map(at)).size,
    6,
  );
  assert.equal(at("::ffff:192.0.2.1"), at("192.0.2.1"));
  assert.notEqual(at("::ffff:192.0.2.1"), at("::ffff:192.0.2.2"));
  assert.equal(at("192.0.2.1:5555"), at("192.0.2.1"));
  for (const odd of [undefined, "", "x", "1.2.3", "1.2.3.256", "::1::", "1.2.3.4.5", "gggg::", "2001:db8"])
    assert.equal(at(odd), "unknown", odd);
});

test("a forwarding header is trusted only as far as its proxies are listed", () => {
  const forwarded = { "x-forwarded-for": "203.0.113.9, 198.51.100.7, 10.0.0.2" };
  const expect = (trustedProxies, address, headers = forwarded, socket = "10.0.0.1") =>
    assert.equal(by({ header: "x-forwarded-for", trustedProxies }, headers, socket), by("socket", {}, address));
  expect(1, "10.0.0.2");
  expect(2, "198.51.100.7");
  expect(3, "203.0.113.9");
  expect(4, undefined);
  expect(["10.0.0.0/8"], "198.51.100.7");
  expect(["10.0.0.0/8", "198.51.100.0/24"], "203.0.113.9");
  expect(["10.0.0.0/8", "198.51.100.7", "203.0.113.9"], "203.0.113.9");
  expect(["192.0.2.0/24"], "10.0.0.1");
  expect(["10.0.0.0/8"], "10.0.0.1", {});
  expect(["10.0.0.0/8"], undefined, { "x-forwarded-for": "nonsense, 10.0.0.2" });
  expect(["fd00::/8"], "2001:db8::9", { "x-forwarded-for": "2001:db8::9, fd00::2" }, "fd00::1");
  assert.equal(by("cf-connecting-ip", { "cf-connecting-ip": "192.0.2.1" }), by("socket", {}, "192.0.2.1"));
  assert.equal(by("cf-connecting-ip", {}, "192.0.2.1"), "unknown");
});

for (const [name, open, header, option, addresses] of [
  // One household, a third of it, another; for a proxy's header, entries that the visitor added are ignored.
  [
    "workerd",
    workerd,
    "cf-connecting-ip",
    "cf-connecting-ip",
    ["2001:db8:1:2::1", "2001:DB8:1:2::2", "2001:db8:1:2:9::", "2001:db8:1:3::1"],
  ],
  [
    "node",
    node,
    "x-forwarded-for",
    { header: "x-forwarded-for", trustedProxies: ["127.0.0.0/8"] },
    ["192.0.2.1", "::ffff:192.0.2.1", "192.0.2.9, 192.0.2.1", "192.0.2.2"],
  ],
]) {
  test(`${name}: visitors are rate limited per address`, async (test) => {
    const { leads } = await open(test, { clientAddress: option, rate: { perMinute: 1, burst: 2 } });
    const statuses = [];
    for (const address of addresses) statuses.push((await postJson(leads, body(), { [header]: address })).status);
    assert.deepEqual(statuses, [202, 202, 429, 202]);
  });
}
