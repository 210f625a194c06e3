import type { Note } from "../domain/mod.ts";
import type { Change } from "./_batch.ts";
import { joinBytes } from "./_doc.ts";
import type { KvPort } from "./_kv.ts";
import { recordKey, type StoredNote } from "./_records.ts";
import type { Key, TenantKeys } from "./keys.ts";

/** What the parts of a large note hold; null where they are being replaced. */
export async function readBody(
  port: KvPort,
  k: TenantKeys,
  { id, body }: Pick<StoredNote, "id" | "body">,
): Promise<Pick<Note, "content" | "raw"> | null> {
  const parts = Array.from(
    { length: body?.parts ?? 0 },
    (_, n) => k.noteBody(id, body!.version, n),
  );
  const found = await port.getMany<Uint8Array>(parts);
  const pieces = found.flatMap(({ value }) => value ?? []);
  if (pieces.length < parts.length) return null;
  return JSON.parse(new TextDecoder().decode(joinBytes(pieces)));
}

/** Parts of a large note that its new version no longer names; null: the note is removed. */
export async function staleBodies(
  port: KvPort,
  k: TenantKeys,
  was: StoredNote | null,
  is: StoredNote | null,
): Promise<Key[]> {
  if (!was?.body && !is?.body) return [];
  const prefix = k.noteBodies((is ?? was)!.id);
  const stale: Key[] = [];
  for await (const { key } of port.list({ prefix })) {
    if (key[prefix.length] !== is?.body?.version) stale.push(key);
  }
  return stale;
}

/** Removes the parts that no note names. */
export async function orphanedBodies(
  port: KvPort,
  k: TenantKeys,
): Promise<Change[]> {
  const prefix = k.allNoteBodies();
  const orphans: Change[] = [];
  let note: StoredNote | null = null;
  let part: unknown;
  for await (const { key } of port.list({ prefix })) {
    if (key[prefix.length] !== part) {
      part = key[prefix.length];
      const at = recordKey(k, "notes", String(part));
      note = (await port.get<StoredNote>(at)).value;
    }
    if (key[prefix.length + 1] === note?.body?.version) continue;
    orphans.push({ sets: [], deletes: [key] });
  }
  return orphans;
}
