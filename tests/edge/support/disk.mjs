// A disk that can be filled up and freed again.
import { execFile } from "node:child_process";
import { mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A folder on a separate file system of this many kilobytes. Needs the permission to mount one. */
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
    /** Leaves no free space. */
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
    /** Leaves this many bytes free. */
    fillUpTo: async (left) => {
      const { bavail, bsize } = await statfs(folder);
      await writeFile(filler, Buffer.alloc(Math.max(bavail * bsize - left, 0)));
    },
    free: () => rm(filler, { force: true }),
    grow: (kilobytes) => run("mount", ["-o", `remount,size=${kilobytes}k`, folder]),
  };
}
