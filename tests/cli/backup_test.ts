import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { findFlaws } from "../_checker.ts";
import { TestClock } from "../_clock.ts";
import { allRows, differences, dump } from "../_dump.ts";
import {
  ACCESS_TOKEN,
  addAcme,
  type CliRig,
  createCliRig,
  jsonOf,
  type Ran,
  WEB_KEY,
} from "./_rig.ts";

let rig: CliRig;
/** Where the backup goes. */
let file: string;
beforeEach(async () => {
  rig = await createCliRig({ brand: { leads: 8 } });
  file = `${rig.dir}/portal.jsonl.gz`;
});
afterEach(async () => await rig[Symbol.asyncDispose]());

async function addAndSync(): Promise<void> {
  expect((await addAcme(rig)).code).toBe(0);
  expect((await rig.run("sync")).code).toBe(0);
}

/** From now on the commands work on another database, which is not there yet. */
function moveTo(name: string): string {
  const path = `${rig.dir}/${name}.sqlite3`;
  rig.env.set("DENO_KV_PATH", path);
  return path;
}

async function inDatabase<T>(work: (kv: Deno.Kv) => Promise<T>): Promise<T> {
  const kv = await Deno.openKv(rig.env.get("DENO_KV_PATH"));
  try {
    return await work(kv);
  } finally {
    kv.close();
  }
}

const filesIn = async (dir: string) =>
  (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name)
    .filter((name) => !name.includes("sqlite3")).sort();

/** One sentence, no stack trace, nothing on standard output. */
function expectRefusal(ran: Ran, code: number, sentence: string | RegExp) {
  expect(ran).toEqual({ code, out: [], err: [expect.any(String)] });
  expect(ran.err[0]).toMatch(sentence);
  expect(ran.err[0]).not.toMatch(/\n|\bat .*:\d+:\d+/);
}

describe("portal backup", () => {
  it("writes a file for its owner alone, and shows how far it is", async () => {
    await addAndSync();
    const { code, out, err } = await rig.run("backup", file);
    expect(code).toBe(0);
    expect(out).toEqual([
      expect.stringMatching(
        /^Wrote .*portal\.jsonl\.gz: \d+ rows, SHA-256 [0-9a-f]{64}\.$/,
      ),
    ]);
    expect(err).toEqual(["Tenant 1 of 1, acme: 2 rows so far"]);
    expect((await Deno.stat(file)).mode! & 0o777).toBe(0o600);
    expect(await filesIn(rig.dir)).toEqual(["portal.jsonl.gz"]);
  });

  it("keeps the keys sealed", async () => {
    await addAndSync();
    await rig.run("backup", file);
    const text = await new Response(
      (await Deno.open(file)).readable.pipeThrough(
        new DecompressionStream("gzip"),
      ),
    ).text();
    expect(text).toContain("Acme");
    expect(text).not.toContain(WEB_KEY);
    expect(text).not.toContain(ACCESS_TOKEN);
  });

  it("leaves a file of that name alone, unless told", async () => {
    await Deno.writeTextFile(file, "mine");
    expectRefusal(
      await rig.run("backup", file),
      2,
      /^Cannot write '.*': it exists\. Give another name, or --force$/,
    );
    expect(await Deno.readTextFile(file)).toBe("mine");
    expect((await rig.run("backup", file, "--force")).code).toBe(0);
    expect((await Deno.stat(file)).mode! & 0o777).toBe(0o600);
  });

  it("takes nothing of a backup that was cut off", async () => {
    await Deno.writeTextFile(`${file}.part`, "x".repeat(100_000));
    await Deno.chmod(`${file}.part`, 0o644);
    expect((await rig.run("backup", file)).code).toBe(0);
    expect((await Deno.stat(file)).mode! & 0o777).toBe(0o600);
    expect(await filesIn(rig.dir)).toEqual(["portal.jsonl.gz"]);
    moveTo("new");
    expect((await rig.run("restore", file)).code).toBe(0);
  });

  it("leaves nothing of its own behind when it fails", async () => {
    await addAcme(rig);
    await Deno.writeTextFile(file, "mine");
    await inDatabase((kv) => kv.set(["odd"], new Date(0)));
    expectRefusal(
      await rig.run("backup", file, "--force"),
      1,
      'Cannot back up the row ["odd"]: a backup cannot hold a Date',
    );
    expect(await filesIn(rig.dir)).toEqual(["portal.jsonl.gz"]);
    expect(await Deno.readTextFile(file)).toBe("mine");
  });

  it("never takes another backup's part for its own", async () => {
    const part = `${file}.part`;
    /** Another backup begins while this one asks for the time. */
    class Racing extends TestClock {
      override now(): number {
        try {
          Deno.removeSync(part);
          Deno.writeTextFileSync(part, "another's");
        } catch { /* this one has not begun yet */ }
        return super.now();
      }
    }
    await using racing = await createCliRig({
      portal: { clock: new Racing() },
    });
    expectRefusal(
      await racing.run("backup", file),
      1,
      /^Cannot write '.*': another backup of that name is under way$/,
    );
    expect(await filesIn(rig.dir)).toEqual(["portal.jsonl.gz.part"]);
    expect(await Deno.readTextFile(part)).toBe("another's");
  });

  it("answers a wrong name with exit code 2", async () => {
    expectRefusal(
      await rig.run("backup", rig.dir),
      2,
      /^Cannot write '.*': it is not a file$/,
    );
    expectRefusal(
      await rig.run("backup", `${rig.dir}/no/such/folder.gz`),
      2,
      /^Cannot write '.*': No such file or directory/,
    );
    expect((await rig.run("backup")).code).toBe(2);
  });
});

describe("portal restore", () => {
  it("brings everything back into an empty database", async () => {
    await addAndSync();
    await rig.run("backup", file);
    const listed = jsonOf(await rig.run("tenant", "list", "--json")) as [
      { id: string },
    ];
    const [{ id }] = listed;
    const before = await inDatabase((kv) => dump(kv, id));
    moveTo("new");
    const { code, out } = await rig.run("restore", file);
    expect(code).toBe(0);
    expect(out).toEqual([
      expect.stringMatching(
        /^Restored \d+ rows, as they were at 2026-03-11T15:00:00\.\d{3}Z\. The store's id is \w{26}\.$/,
      ),
      "Sessions are not part of a backup: everybody signs in again.",
    ]);
    expect(jsonOf(await rig.run("tenant", "list", "--json"))).toEqual(listed);
    await inDatabase(async (kv) => {
      expect(differences(before, await dump(kv, id))).toEqual([]);
      expect(await findFlaws(kv, id)).toEqual([]);
    });
    const synced = await rig.run("sync", "--json");
    expect(synced.code).toBe(0);
    expect(jsonOf(synced)).toMatchObject([{ recordsUpdated: 0 }]);
  });

  it("needs no PORTAL_SECRET, and keeps to PORTAL_STORE_ID", async () => {
    await addAndSync();
    await rig.run("backup", file);
    moveTo("new");
    rig.env.delete("PORTAL_SECRET");
    rig.env.set("PORTAL_STORE_ID", "another");
    expectRefusal(
      await rig.run("restore", file),
      2,
      /^Cannot restore: the backup is of the store '\w{26}', but PORTAL_STORE_ID asks for 'another'$/,
    );
    rig.env.delete("PORTAL_STORE_ID");
    const { out } = await rig.run("restore", file);
    const [, id] = out[0]!.match(/The store's id is (\w{26})/)!;
    rig.env.set("PORTAL_STORE_ID", id!);
    rig.env.set("PORTAL_SECRET", new Uint8Array(32).fill(7).toBase64());
    expect((await rig.run("tenant", "list")).code).toBe(0);
  });

  it("clears a database that is not empty only where it is told to", async () => {
    await addAndSync();
    await rig.run("backup", file);
    await rig.run("tenant", "add", "--name", "Late", "--timezone", "UTC");
    const before = await inDatabase(allRows);
    expectRefusal(
      await rig.run("restore", file),
      2,
      "Cannot restore: the database is not empty; --replace clears it first, with all it holds",
    );
    expect(await inDatabase(allRows)).toEqual(before);
    expect((await rig.run("restore", file, "--replace")).code).toBe(0);
    const listed = jsonOf(await rig.run("tenant", "list", "--json"));
    expect(listed).toMatchObject([{ slug: "acme" }]);
  });

  it("answers a file that is missing or none with exit code 2", async () => {
    const path = moveTo("new");
    expectRefusal(
      await rig.run("restore", `${rig.dir}/missing.gz`),
      2,
      /^Cannot read '.*missing\.gz': No such file or directory/,
    );
    expectRefusal(
      await rig.run("restore", rig.dir),
      2,
      /^Cannot read '.*': it is not a file$/,
    );
    await expect(Deno.stat(path)).rejects.toThrow(Deno.errors.NotFound);
  });

  it("answers a damaged file with exit code 1 and touches nothing", async () => {
    await addAndSync();
    await rig.run("backup", file);
    const bytes = await Deno.readFile(file);
    const before = await inDatabase(allRows);
    await Deno.writeFile(file, bytes.subarray(0, bytes.length - 20));
    expectRefusal(
      await rig.run("restore", file, "--replace"),
      1,
      /^Cannot restore: the file is damaged, or no backup of Tetherboard \(.*\)$/,
    );
    await Deno.writeTextFile(file, "SLUG,NAME\n");
    expectRefusal(
      await rig.run("restore", file, "--replace"),
      1,
      /^Cannot restore: the file is damaged, or no backup of Tetherboard \(.*\)$/,
    );
    expect(await inDatabase(allRows)).toEqual(before);
  });

  it("keeps every other command out until it is finished", async () => {
    await addAndSync();
    const { out } = await rig.run("backup", file);
    const [, sha256] = out[0]!.match(/SHA-256 (\w{64})/)!;
    moveTo("new");
    const startedAt = "2026-03-11T15:00:00.000Z";
    await inDatabase((kv) =>
      kv.set(["restore"], { sha256, startedAt, phase: "writing", rows: 0 })
    );
    for (const command of [["tenant", "list"], ["sync"], ["doctor"]]) {
      expectRefusal(
        await rig.run(...command),
        1,
        "Cannot use this database: a restore of it was not finished. Run: portal restore FILE again",
      );
    }
    const again = await rig.run("restore", file);
    expect(again.code).toBe(0);
    expect(again.out[0]).toMatch(/^Finished the restore of \d+ rows/);
    expect((await rig.run("tenant", "list")).code).toBe(0);
  });
});
