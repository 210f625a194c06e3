import type { Findings } from "./_findings.ts";
import type { KvPort } from "../_kv.ts";
import type { Key, TenantKeys } from "../keys.ts";

/** What every part of a check works with. */
export interface CheckContext {
  port: KvPort;
  k: TenantKeys;
  findings: Findings;
  signal: AbortSignal | undefined;
}

/** Rows read at a time; some may be as large as a value can be. */
const PAGE = 250;
export const LARGE_ROWS_PAGE = 50;

/** Rows of a prefix, page by page, until the check is stopped. */
export async function* rowsBelow<T>(
  { port, signal }: CheckContext,
  prefix: Key,
  pageSize = PAGE,
): AsyncGenerator<Deno.KvEntry<T>> {
  for await (const row of port.list<T>({ prefix }, { pageSize })) {
    signal?.throwIfAborted();
    yield row;
  }
}
