import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { type Clock, UsageError } from "../../lib/domain/mod.ts";
import { keys } from "../../lib/store/keys.ts";
import {
  listTenants,
  openStore,
  openStorePatiently,
  type PatientOptions,
  type Store,
} from "../../lib/store/mod.ts";

let dir: string;
let path: string;
let store: Store | undefined;
/** Lets the next attempt begin. */
let next: () => void;
let refusals: string[];
let told: PromiseWithResolvers<string>;

/** Sleeps until a test says so. */
const clock: Clock = {
  now: () => Date.parse("2026-03-11T15:00:00.000Z"),
  sleep: (_ms, signal) =>
    new Promise((resolve, reject) => {
      next = resolve;
      signal?.addEventListener("abort", () => reject(signal.reason));
    }),
};

beforeEach(async () => {
  dir = await Deno.makeTempDir();
  path = `${dir}/portal.sqlite3`;
  refusals = [];
  told = Promise.withResolvers();
});
afterEach(async () => {
  store?.close();
  store = undefined;
  await Deno.remove(dir, { recursive: true });
});

async function open(options: Partial<PatientOptions> = {}): Promise<Store> {
  return store = await openStorePatiently({
    path,
    clock,
    onRefused: ({ message }) => {
      refusals.push(message);
      told.resolve(message);
    },
    onOpened: (id) => told.resolve(id),
    ...options,
  });
}

/** Has the database try again; answers what it told then. */
async function again(): Promise<string> {
  told = Promise.withResolvers();
  next();
  return await told.promise;
}

async function setSchema(version: number | null): Promise<void> {
  const kv = await Deno.openKv(path);
  if (version === null) await kv.delete(keys.schemaVersion());
  else await kv.set(keys.schemaVersion(), version);
  kv.close();
}

describe("openStorePatiently()", () => {
  it("is as any store where the database is in order", async () => {
    const { id, refusal, health } = await open();
    expect(id).toBe(await told.promise);
    expect(refusal()).toBe(null);
    expect(await health()).toBe(true);
    expect(await listTenants(store!)).toEqual([]);
  });

  it("asks a database that it knows twice at the same time, and writes nothing", async () => {
    (await open()).close();
    const asked: string[] = [];
    await open({ observe: ({ kind }) => asked.push(kind) });
    expect(asked).toEqual(["getMany", "list"]);
  });

  it("stands with the reason where another database is attached, and reads and writes nothing of it", async () => {
    const other = await openStore({ path });
    const { id } = other;
    other.close();
    const opened = await open({ expectedId: "01J00000000000000000000000" });
    const says =
      `Cannot use this database: its id is '${id}', but PORTAL_STORE_ID asks for '01J00000000000000000000000'. ` +
      "Is the right database attached?";
    expect(refusals).toEqual([says]);
    expect(opened.refusal()?.message).toBe(says);
    expect(await opened.health()).toBe(false);
    await expect(listTenants(opened)).rejects.toThrow(says);
  });

  it("opens by itself once the right database is there, and says each reason once", async () => {
    await setSchema(99);
    const opened = await open();
    await setSchema(98);
    expect(await again()).toMatch(/its schema is version 98/);
    next();
    await setSchema(null);
    const id = await again();
    expect(refusals).toEqual([
      expect.stringMatching(/version 99/),
      expect.stringMatching(/version 98/),
    ]);
    expect(opened.refusal()).toBe(null);
    expect(opened.id).toBe(id);
    expect(await opened.health()).toBe(true);
    expect(await listTenants(opened)).toEqual([]);
  });

  it("says at once that the path is wrong", async () => {
    const opening = openStorePatiently({ path: `${dir}/none/portal.sqlite3` });
    await expect(opening).rejects.toThrow(UsageError);
  });

  it("tries no more once it is closed", async () => {
    await setSchema(99);
    const opened = await open();
    opened.close();
    await setSchema(null);
    next();
    await new Promise((resolve) => queueMicrotask(() => resolve(null)));
    expect(opened.refusal()?.message).toMatch(/version 99/);
  });
});
