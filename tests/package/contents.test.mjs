// What the package contains: source maps with the sources, which it does not contain, and documents.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { access, readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { packageFolder } from "./support/package.mjs";

const read = (path) => readFile(new URL(path, packageFolder), "utf8");
const list = async (folder) =>
  (await readdir(new URL(folder, packageFolder), { recursive: true })).map((name) => folder + name);
const isScript = (name) => name.endsWith(".js");

test("every compiled script has a source map with its sources", async () => {
  const scripts = [...(await list("dist/")), ...(await list("lead-form/")), "lead-form.js"].filter(isScript);
  assert.ok(scripts.length > 60, `${scripts.length} scripts`);
  for (const script of scripts.filter((name) => name !== "lead-form/index.js")) {
    const { sources, sourcesContent, sourceRoot = "" } = JSON.parse(await read(`${script}.map`));
    assert.equal(sourcesContent?.filter(Boolean).length, sources.length, script);
    for (const source of sources) assert.match(sourceRoot + source, /^icloud-ready:\/\/\/(?!\.)[\w/.-]+$/, script);
    // A comment in what pages load would cost every visitor bytes.
    const isLinked = script.startsWith("dist/") || script === "lead-form/element.js";
    assert.equal((await read(script)).includes("\n//# sourceMappingURL="), isLinked, script);
  }
});

test("the links of the documents lead to files of the package", async () => {
  const documents = (await list("")).filter((name) => name.endsWith(".md"));
  for (const document of ["README.md", "CHANGELOG.md", "docs/forwarder.md", "docs/testing.md", "lead-form/README.md"])
    assert.ok(documents.includes(document), document);
  for (const document of documents) {
    const url = new URL(document, packageFolder);
    for (const [, link] of (await read(document)).matchAll(/\]\((?!#)([^)\s]+)\)/g)) {
      const target = new URL(link, url);
      if (target.protocol === "file:") await access(target).catch(() => assert.fail(`${document}: ${link}`));
    }
  }
});

test("a stack trace names the sources", async () => {
  const script = `import { ICloudReady } from "icloud-ready"; new ICloudReady({ apiKey: "key" });`;
  const args = ["--enable-source-maps", "--input-type=module", "--eval", script];
  const cwd = fileURLToPath(new URL("../..", packageFolder));
  const { stderr } = await promisify(execFile)(process.execPath, args, { cwd }).then(assert.fail, (error) => error);
  assert.match(stderr, /pkg-template\/src\/client\/context\.ts:\d+/);
});

// Each module that a process reads at its start takes a third of a millisecond.
test("the entry for Node.js is two modules, with their sources", async () => {
  const imports = async (file) => [...(await read(file)).matchAll(/^} from "(.+)";$/gm)].map(([, name]) => name);
  const shared = await imports("runtime/node.js");
  assert.equal(shared.length, 1);
  assert.deepEqual(await imports(`runtime/${shared[0]}`), []);
  for (const file of ["node.js", shared[0]]) {
    const { sources, sourcesContent } = JSON.parse(await read(`runtime/${file}.map`));
    assert.equal(sourcesContent.filter(Boolean).length, sources.length, file);
  }
});
