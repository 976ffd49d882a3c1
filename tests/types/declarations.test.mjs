// What the package declares: only what its users need, and each name with its documentation.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { test } from "node:test";
import ts from "typescript";

const packageFolder = join(process.env.ICLOUD_READY_TARBALL_DIR, "node_modules", "icloud-ready");
const manifest = JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8"));
const entries = Object.values(manifest.exports).flatMap(({ types }) => (types ? [join(packageFolder, types)] : []));

test("the declarations that a user's compiler reads are small, for every entry point", () => {
  for (const entry of entries) {
    const program = ts.createProgram([entry], { module: ts.ModuleKind.NodeNext });
    const read = program.getSourceFiles().filter(({ fileName }) => fileName.includes("/icloud-ready/"));
    assert.ok(read.length > 0, entry);
    const bytes = read.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    assert.ok(bytes <= 65_000, `${entry}: ${bytes} bytes in\n${read.map(({ fileName }) => fileName).join("\n")}`);
  }
});

test("every public name is documented", () => {
  assert.deepEqual([...new Set(undocumented())], []);
});

/** Not importable: the sources of the lead form are checked against it. */
const KEPT = "dist/base/amount.d.ts";

test("there are no declarations of internals", async () => {
  const program = ts.createProgram(entries, { module: ts.ModuleKind.NodeNext, strict: true });
  const sources = program.getSourceFiles().filter(({ fileName }) => fileName.includes("/icloud-ready/"));
  const read = new Set(sources.map(({ fileName }) => relative(packageFolder, fileName)));
  const published = await readdir(packageFolder, { recursive: true });
  const unread = published.filter((name) => name.endsWith(".d.ts") && name !== KEPT && !read.has(name));
  assert.deepEqual(unread, [], "no entry leads to these files");
  assert.deepEqual(unusedExports(program.getTypeChecker(), sources), [], "no declaration uses these exports");
});

/** The exports that neither an entry exports nor another declaration names. */
function unusedExports(checker, sources) {
  const original = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
  const exportsOf = (source) => {
    const module = checker.getSymbolAtLocation(source);
    return module ? checker.getExportsOfModule(module) : [];
  };
  const used = new Set();
  const visit = (node) => {
    const symbol = ts.isIdentifier(node) && checker.getSymbolAtLocation(node);
    for (const declaration of (symbol && original(symbol).declarations) || [])
      if (declaration.name !== node) used.add(declaration);
    ts.forEachChild(node, visit);
  };
  for (const source of sources) {
    visit(source);
    if (entries.includes(source.fileName))
      for (const symbol of exportsOf(source)) original(symbol).declarations.forEach((one) => used.add(one));
  }
  return sources.flatMap((source) => {
    const own = exportsOf(source).filter((symbol) => !(symbol.flags & ts.SymbolFlags.Alias));
    const unused = own.filter(({ declarations }) => !declarations.some((one) => used.has(one)));
    return unused.map(({ name }) => `${relative(packageFolder, source.fileName)}: ${name}`);
  });
}

/** The names without documentation among the exports of the entries and their members. */
function* undocumented() {
  const program = ts.createProgram(entries, { module: ts.ModuleKind.NodeNext, strict: true });
  const checker = program.getTypeChecker();
  for (const entry of entries) {
    const source = program.getSourceFile(entry);
    const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(source));
    // An entry without exports extends the declarations of others.
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
