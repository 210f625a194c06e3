import { gunzipSync } from "node:zlib";
import { expect } from "@std/expect";
import { openTenant } from "../../lib/store/mod.ts";
import { verifyTenant } from "../../lib/sync/mod.ts";
import { HOUR } from "../_clock.ts";
import { allRows, tenantRows } from "../_dump.ts";
import {
  createRig,
  type RigOptions,
  type SyncRig,
  TEST_WEB_KEY,
} from "../_sync.ts";

const EMPTY = { leads: 0, opportunities: 0, notes: 0, activities: 0 };
export const QUIET = 12;
export const A_CHANGE = 5;

/** A brand whose text is stored from the first note on. */
export async function notesBrand(
  { from = 1, ...options }: RigOptions & { from?: number } = {},
) {
  const rig = await createRig({ brand: EMPTY, ...options });
  rig.deps.notesTextFrom = from;
  const brand = rig.simulator.brand(TEST_WEB_KEY);
  const put = (id: number | string, content: string, contact_id = "7") =>
    brand.putNote({
      id: `${id}`,
      contact_id,
      date: `2026-03-0${1 + Number(id) % 9} 10:00:00`,
      author: "Pat",
      content,
    });
  /** Syncs an hour later; `changes`: records that it has to find changed. */
  const hour = async (changes: number | null = null, full = true) => {
    rig.clock.advance(HOUR);
    rig.operations.length = 0;
    const report = await rig.sync({ full, acceptRemovals: true });
    expect(report.errorMessage).toBeNull();
    if (changes !== null) expect(report.recordsUpdated).toBe(changes);
    return report;
  };
  const rows = async () =>
    (await tenantRows(rig.kv, rig.tenant.id)).filter(({ key }) =>
      key[2] === "notes_text"
    );
  return { rig, brand, put, hour, rows };
}

/** What a process finds that has just begun, and which rows it has listed for it. */
export async function findAfresh(rig: SyncRig, search: string) {
  const lists = new Set<string>();
  const { store } = await rig.another({
    onList: (selector) => {
      const key = "prefix" in selector ? selector.prefix : selector.start;
      if (key[0] === "t") lists.add(String(key[2]));
    },
  });
  const data = await openTenant(store, rig.tenant.id);
  const { total } = await data.listNotes({ limit: 1, search });
  const rows = await Array.fromAsync(data.eachNote({ search }));
  return { ids: rows.map(({ id }) => id), total, listed: [...lists] };
}

/** The same by a look at every note. */
export async function looked(rig: SyncRig, search: string) {
  const all = await Array.fromAsync((await rig.data()).eachNote({}));
  return all.filter(({ content, author }) =>
    [content, author].some((text) => text?.toLowerCase().includes(search))
  ).map(({ id }) => id);
}

export async function expectFound(rig: SyncRig, ...searches: string[]) {
  const lists: string[][] = [];
  for (const search of searches) {
    const { ids, total, listed } = await findAfresh(rig, search);
    const wanted = await looked(rig, search);
    expect([search, ids, total]).toEqual([search, wanted, wanted.length]);
    lists.push(listed);
  }
  return lists;
}

/** All of the database as text, with what is packed in it unpacked. */
export async function everyWord({ kv }: SyncRig): Promise<string> {
  const texts: string[] = [];
  for (const { key, value } of await allRows(kv)) {
    const { packed } = (value ?? {}) as { packed?: Uint8Array };
    texts.push(JSON.stringify(key), JSON.stringify(value));
    const bytes = packed ?? (value instanceof Uint8Array ? value : null);
    if (!bytes) continue;
    const plain = bytes[0] === 0x1f ? gunzipSync(bytes) : bytes;
    texts.push(plain.toString(), new TextDecoder("utf-16le").decode(plain));
  }
  return texts.join("\n");
}

/** Gives texts of so many words that cannot be packed well, each another. */
export function oddTexts(words: number): () => string {
  let seed = 1;
  const odd = () => (seed = seed * 48_271 % 0x7fffffff).toString(36);
  return () => Array.from({ length: words }, odd).join(" ");
}

export const checked = async (rig: SyncRig) =>
  (await verifyTenant(rig, rig.tenant.id))!;

/** What the first search of a process lists where all text is stored, and where notes have changed since. */
export const STORED = ["notes_text"];
export const BEHIND = ["sync_index", "notes_text"];
