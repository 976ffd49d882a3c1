// Where servers run scripts: Node.js at its oldest and newest, Deno, Bun.

import { cell } from "./support/cell.mjs";
import { folder, tool, report } from "./support/project.mjs";

for (const version of [20, 24]) {
  cell(`Node.js ${version}`, async (settings, test) => {
    const cwd = await folder(test, ["cells/node.mjs"]);
    return report(tool(`node-${version}`, "bin/node"), ["node.mjs", JSON.stringify(settings)], cwd);
  });
}

cell("Deno, which may ask the network and read nothing", async (settings, test) => {
  const cwd = await folder(test, ["cells/deno.mjs"]);
  const given = ["run", "--no-prompt", "--allow-net=127.0.0.1", "deno.mjs", JSON.stringify(settings)];
  return report(tool("@deno/linux-x64-glibc", "deno"), given, cwd);
});

cell("Bun", async (settings, test) => {
  const cwd = await folder(test, ["cells/node.mjs"]);
  return report(tool("@oven/bun-linux-x64", "bin/bun"), ["run", "node.mjs", JSON.stringify(settings)], cwd);
});
