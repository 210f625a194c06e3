import { gunzipSync, gzipSync } from "node:zlib";
import { createHash } from "node:crypto";
import {
  type BackupOptions,
  restoreBackup,
  type Restored,
  type RestoreOptions,
  type Store,
  writeBackup,
} from "../../lib/store/mod.ts";

export type Bytes = Uint8Array<ArrayBuffer>;

/** A whole backup, gzip. */
export async function backUp(
  store: Store,
  options: BackupOptions,
): Promise<Bytes> {
  const chunks: Bytes[] = [];
  const to = new WritableStream<Bytes>({
    write: (chunk) => void chunks.push(chunk),
  });
  await writeBackup(store, to, options);
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** The lines of a backup, unpacked, without their breaks. */
export function linesOf(backup: Bytes): string[] {
  return gunzipSync(backup).toString().trimEnd().split("\n");
}

/** A file of these lines, whatever they are. */
export function packed(lines: readonly string[]): Bytes {
  return new Uint8Array(gzipSync(lines.join("\n") + "\n"));
}

/** A whole file of a header and rows, with the trailer that they ask for. */
export function whole(lines: readonly string[]): Bytes {
  const sha256 = createHash("sha256").update(lines.join("\n") + "\n")
    .digest("hex");
  return packed([...lines, JSON.stringify({ rows: lines.length - 1, sha256 })]);
}

/** Restores from memory. A database that is handed over stays open. */
export function restore(
  backup: Bytes,
  { kv, ...options }: RestoreOptions,
): Promise<Restored> {
  return restoreBackup(
    () => Promise.resolve(new Blob([backup]).stream()),
    kv ? { ...options, kv: keptOpen(kv) } : options,
  );
}

/** The same database for one who closes it. */
export function keptOpen(kv: Deno.Kv): Deno.Kv {
  return new Proxy(kv, {
    get(target, name) {
      if (name === "close") return () => {};
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** A row for comparing. */
export type Comparable = Pick<Deno.KvEntry<unknown>, "key" | "value">;

/** Keys and values; of large bytes the checksum alone, so that a test that fails can print them. */
export function comparable(
  rows: readonly Comparable[],
): Comparable[] {
  return rows.map(({ key, value }) => ({
    key,
    value: value instanceof Uint8Array && value.length > 1000
      ? createHash("sha256").update(value).digest("hex")
      : value,
  }));
}

/** The rows that a backup keeps, leases free. */
export function kept(rows: readonly Deno.KvEntry<unknown>[]): Comparable[] {
  return comparable(rows).filter(({ key }) =>
    !["sessions", "sessions_by_user", "throttle"].includes(String(key[0]))
  ).map(({ key, value }) => ({
    key,
    value: key[2] === "sync_lease"
      ? { ...value as object, owner: null, runId: null, expiresAt: 0 }
      : value,
  }));
}
