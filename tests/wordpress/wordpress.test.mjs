// The plugin in a real WordPress with a real database, by command: see examples/wordpress/README.md. WordPress is
// Debian's package: it is unpacked into a temporary folder and not installed.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { packageFolder } from "../../tools/paths.mjs";
import { waitUntil } from "../../tools/wait.mjs";
import { leave, openPage, useChromium } from "../browser/support/browser.mjs";
import { startForwarder } from "../browser/support/forwarder.mjs";
import { visitor } from "../browser/support/form-page.mjs";
import { LeadForm } from "../browser/support/lead-form.mjs";
import { freePort } from "../support/port.mjs";

const run = promisify(execFile);
const PLUGIN = fileURLToPath(new URL("../../examples/wordpress/icloud-ready-lead-form.php", import.meta.url));
const INSTALL = fileURLToPath(new URL("install.php", import.meta.url));

/** The smallest theme: the page's title and content, and what plugins add. */
const THEME = `<!doctype html><html <?php language_attributes(); ?>><head><meta charset="utf-8"><link rel="icon" href="data:,"><?php wp_head(); ?></head><body>
<?php while ( have_posts() ) { the_post(); the_title( '<h1>', '</h1>' ); the_content(); } wp_footer(); ?></body></html>`;

useChromium();

/** Unpacks WordPress and puts the plugin into it; returns its folder. */
async function unpack(folder) {
  await run("apt-get", ["download", "wordpress"], { cwd: folder });
  const [archive] = (await readdir(folder)).filter((name) => name.endsWith(".deb"));
  await run("dpkg", ["-x", archive, "unpacked"], { cwd: folder });
  const root = join(folder, "wordpress");
  await cp(join(folder, "unpacked/usr/share/wordpress"), root, { recursive: true, verbatimSymlinks: true });
  // Debian's package links its content to the system's folders, and has no theme.
  const theme = join(root, "wp-content/themes/plain");
  await rm(join(root, "wp-content"), { recursive: true, force: true });
  await mkdir(theme, { recursive: true });
  await writeFile(join(theme, "style.css"), "/* Theme Name: Plain */");
  await writeFile(join(theme, "index.php"), THEME);
  const plugin = join(root, "wp-content/plugins/icloud-ready-lead-form");
  await mkdir(plugin, { recursive: true });
  await cp(PLUGIN, join(plugin, "icloud-ready-lead-form.php"));
  await symlink(packageFolder, join(plugin, "icloud-ready"));
  return root;
}

/** Starts MariaDB on a socket in the folder. */
async function startDatabase(test, folder) {
  const data = join(folder, "data");
  const socket = join(folder, "mysql.sock");
  const options = [`--datadir=${data}`, "--user=root", "--auth-root-authentication-method=normal"];
  await run("mariadb-install-db", ["--no-defaults", ...options]);
  const init = join(folder, "init.sql");
  await writeFile(init, "CREATE DATABASE IF NOT EXISTS wordpress;");
  const args = [`--datadir=${data}`, `--socket=${socket}`, "--skip-networking", "--user=root", `--init-file=${init}`];
  const server = spawn("mariadbd", ["--no-defaults", ...args, `--pid-file=${join(folder, "pid")}`], {
    stdio: "ignore",
  });
  test.after(async () => {
    server.kill();
    if (server.exitCode === null) await once(server, "exit");
  });
  await waitUntil("the database", async () => (await readdir(folder)).includes("mysql.sock"));
  return socket;
}

const settings = (socket) => `<?php
define( 'DB_NAME', 'wordpress' );
define( 'DB_USER', 'root' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', 'localhost:${socket}' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
define( 'DISABLE_WP_CRON', true );
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'WP_SITEURL', getenv( 'WP_URL' ) );
define( 'WP_HOME', getenv( 'WP_URL' ) );
$table_prefix = 'wp_';
if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', __DIR__ . '/' );
}
require_once ABSPATH . 'wp-settings.php';
`;

test("a page of a real WordPress with the shortcode and the block sends leads", async (test) => {
  const folder = await mkdtemp(join(tmpdir(), "icloud-ready-wordpress-"));
  test.after(() => rm(folder, { recursive: true, force: true }));
  const root = await unpack(folder);
  const socket = await startDatabase(test, folder);
  await rm(join(root, "wp-config.php"), { force: true });
  await writeFile(join(root, "wp-config.php"), settings(socket));

  const forwarder = await startForwarder(test);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { ...process.env, WP_URL: url, WP_FOLDER: root, ENDPOINT: forwarder.url };
  const { stdout: path } = await run("php", ["-d", "display_errors=stderr", INSTALL], { env });
  const php = spawn("php", ["-S", `127.0.0.1:${port}`, "-t", root], { env, stdio: "ignore" });
  test.after(() => leave(test).then(() => php.kill()));
  await waitUntil("WordPress", () =>
    fetch(url + path).then(
      (response) => response.ok,
      () => false,
    ),
  );

  const page = await openPage(test);
  await page.goto(url + path);
  const forms = page.locator("icloud-ready-lead-form");
  assert.equal(await forms.count(), 2);
  for (const [index, campaign] of ["Q3", "Q4"].entries()) {
    const form = new LeadForm(page, `icloud-ready-lead-form[campaign-name="${campaign}"]`);
    await form.shown();
    await form.fill({ ...visitor, firstName: `Mona ${index + 1}` });
    assert.equal(await form.send(), "lead-accepted");
    const { lead } = forwarder.requests.at(-1);
    assert.deepEqual([lead.campaignName, lead.unitId], [campaign, "A-12"]);
  }

  // Debian replaces scripts of the administration by links to packages of their own, which are not there.
  const admin = await openPage(test, { expected: /./ });
  await admin.goto(`${url}/wp-login.php`);
  await admin.getByLabel("Username or Email Address").fill("admin");
  await admin.getByLabel("Password", { exact: true }).fill("demo-password");
  await admin.getByRole("button", { name: "Log In" }).click();
  await admin.goto(`${url}/wp-admin/options-general.php?page=icloud_ready_lead_form`);
  await admin.getByLabel("Country of numbers").fill("ae");
  await admin.getByRole("button", { name: "Save Changes" }).click();
  await waitUntil(
    "the saved country",
    async () => (await admin.getByLabel("Country of numbers").inputValue()) === "AE",
  );
  await admin.goto(`${url}/wp-admin/post-new.php?post_type=page`);
  await waitUntil("the block in the editor", () =>
    admin.evaluate(() => Boolean(globalThis.wp?.blocks?.getBlockType("icloud-ready/lead-form")?.edit)),
  );
});
