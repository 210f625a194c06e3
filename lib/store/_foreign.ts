import { UsageError } from "../domain/mod.ts";
import type { KvPort } from "./_kv.ts";
import { keys } from "./keys.ts";

/**
 * Refuses a Deno KV that another program has written: the portal's own has its schema's version before any other row.
 *
 * @throws {UsageError}
 */
export async function refuseForeign(port: KvPort): Promise<void> {
  for await (const _ of port.list({ prefix: [] }, { limit: 1 })) {
    const { value } = await port.get(keys.schemaVersion());
    if (value !== null) return;
    throw new UsageError(
      "Cannot use this database: it holds data of another program; set DENO_KV_PATH to the portal's own, or a new file",
    );
  }
}
