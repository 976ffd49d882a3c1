// What the package declares: as little as its users need, and each name with its documentation.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";

const packageFolder = join(process.env.ICLOUD_READY_TARBALL_DIR, "node_modules", "icloud-ready");
const manifest = JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8"));
const entries = Object.values(manifest.exports).flatMap(({ types }) => (types ? [join(packageFolder, types)] : []));

test("the declarations that a user's compiler reads are small, whatever is imported", () => {
  for (const entry of entries) {
    const program = ts.createProgram([entry], { module: ts.ModuleKind.NodeNext });
    const read = program.getSourceFiles().filter(({ fileName }) => fileName.includes("/icloud-ready/"));
    assert.ok(read.length > 0, entry);
    const bytes = read.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    assert.ok(bytes <= 60_000, `${entry}: ${bytes} bytes in\n${read.map(({ fileName }) => fileName).join("\n")}`);
  }
});

test("every public name is documented", () => {
  assert.deepEqual([...new Set(undocumented())], []);
});

/** The names without documentation among what the entries export and the members of that. */
function* undocumented() {
  const program = ts.createProgram(entries, { module: ts.ModuleKind.NodeNext, strict: true });
  const checker = program.getTypeChecker();
  for (const entry of entries) {
    const source = program.getSourceFile(entry);
    const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(source));
    // One that exports nothing adds to what others declare.
    assert.ok(exported.length > 0 || /^declare (module|global)/m.test(source.text), entry);
    for (const alias of exported) {
      const symbol = alias.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(alias) : alias;
      if (!isDocumented(symbol, checker)) yield symbol.name;
      for (const member of members(symbol)) {
        if (!isDocumented(member, checker)) yield `${symbol.name}.${member.name}`;
      }
    }
  }
}

/** The members that a class or an interface of the package declares itself, by name. */
function members(symbol) {
  const found = [...(symbol.members?.values() ?? []), ...(symbol.exports?.values() ?? [])];
  const hidden = ts.SymbolFlags.TypeParameter | ts.SymbolFlags.Prototype;
  // Private members begin with a hash; symbols as names and constructors with underscores.
  return found.filter(({ name, flags }) => !/^(#|__)/.test(name) && !(flags & hidden));
}

function isDocumented(symbol, checker) {
  return symbol.getDocumentationComment(checker).length > 0;
}
