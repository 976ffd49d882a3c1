// A disk that can be filled up, and freed again.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A folder on a file system of its own, of so many kilobytes. Needs the right to mount one. */
export async function smallDisk(test, kilobytes = 1_024) {
  const folder = await mkdtemp(join(tmpdir(), "icloud-ready-disk-"));
  await run("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k,mode=700`, "tmpfs", folder]);
  test.after(async () => {
    await run("umount", ["--lazy", folder]);
    await rm(folder, { recursive: true, force: true });
  });
  const filler = join(folder, "filler");
  return {
    folder,
    /** Leaves no room. */
    async fill() {
      for (let size = kilobytes * 1_024; size >= 1; size >>= 1) {
        for (;;) {
          const is = await writeFile(filler, "x".repeat(size), { flag: "a" }).then(
            () => true,
            () => false,
          );
          if (!is) break;
        }
      }
    },
    free: () => rm(filler, { force: true }),
    grow: (kilobytes) => run("mount", ["-o", `remount,size=${kilobytes}k`, folder]),
  };
}
