import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  createDisk,
  type DrillDisk,
  fill,
  moveDatabase,
  removeDatabase,
} from "../../cli/_drill_disk.ts";
import { portalCommand } from "../../cli/_drill_portal.ts";

describe("what deno task drill is made of", () => {
  let disk: DrillDisk;
  beforeEach(async () => {
    disk = await createDisk();
  });
  afterEach(async () => {
    await disk[Symbol.asyncDispose]();
  });

  async function names(): Promise<string[]> {
    const found = await Array.fromAsync(Deno.readDir(disk.dir));
    return found.map(({ name }) => name).sort();
  }

  it("a database is moved and removed with what SQLite keeps beside it", async () => {
    const at = (name: string) => `${disk.dir}/${name}`;
    for (const suffix of ["", "-wal", "-shm"]) {
      await Deno.writeTextFile(at(`a${suffix}`), "mine");
    }
    await Deno.writeTextFile(at("b-wal"), "of a throwaway");
    await moveDatabase(at("a"), at("b"));
    expect(await names()).toEqual(["b", "b-shm", "b-wal"]);
    expect(await Deno.readTextFile(at("b-wal"))).toBe("mine");
    await removeDatabase(at("b"));
    expect(await names()).toEqual([]);
  });

  it("a disk of its own is small, can be filled, and leaves nothing", async () => {
    // An ordinary folder is never filled.
    if (disk.isSmall) {
      expect(await fill(`${disk.dir}/filler`)).toBeLessThan(64 * 2 ** 20);
      await expect(Deno.writeFile(`${disk.dir}/x`, new Uint8Array(2 ** 17)))
        .rejects.toThrow();
    }
    const { dir } = disk;
    await disk[Symbol.asyncDispose]();
    await expect(Deno.stat(dir)).rejects.toThrow(Deno.errors.NotFound);
    disk = await createDisk();
  });

  it("a command's failure is noticed", async () => {
    const { code, text } = await portalCommand({}, "frobnicate");
    expect([code, text]).toEqual([2, expect.stringMatching(/unknown command/)]);
  });
});
