// The recipes for Caddy and nginx, with the real programs.
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EXAMPLE, start } from "./forwarder.mjs";

const recipe = (name) => readFile(join(EXAMPLE, name), "utf8");

/** Each starts a proxy on `port`, in front of the forwarders on the ports `targets`. */
export const PROXIES = {
  async caddy(test, folder, targets, port) {
    const file = join(folder, "Caddyfile");
    // No control port: tests run side by side.
    await writeFile(file, `{\n\tadmin off\n}\n${await recipe("Caddyfile")}`);
    const upstreams = targets.map((target) => `127.0.0.1:${target}`).join(" ");
    const env = { PATH: process.env.PATH, HOME: folder, SITE: `http://:${port}`, FORWARDER: upstreams };
    return start(test, "caddy", ["run", "--adapter", "caddyfile", "--config", file], { env });
  },
  async nginx(test, folder, [target], port) {
    const server = (await recipe("nginx.conf"))
      .replace("listen 8080;", `listen 127.0.0.1:${port};`)
      .replace("127.0.0.1:8787", `127.0.0.1:${target}`);
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (name) => `${name}_temp_path ${folder}/${name};`,
    );
    const file = join(folder, "nginx.conf");
    await writeFile(file, `pid ${folder}/pid;\nevents {}\nhttp {\n${temporary.join("\n")}\n${server}}\n`);
    // Its workers run as another user.
    await chmod(folder, 0o755);
    const args = ["-c", file, "-p", folder, "-e", "stderr", "-g", "daemon off;"];
    // After SIGKILL its workers would go on.
    return start(test, "nginx", args, { signal: "SIGTERM" });
  },
};
