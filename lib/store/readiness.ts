import { kvOf, type Store } from "./_store.ts";
import { keys } from "./keys.ts";
import { SCHEMA_VERSION } from "./migrations/migrations.ts";

/** Whether the database can be worked with. */
export interface StoreReadiness {
  /** It answers. */
  kv: boolean;
  /** Its schema is the one that this release was made for. */
  schema: boolean;
  /** Its id is the one that was found when it was opened. */
  storeId: boolean;
}

/** Looks once, by one read. Never throws: what cannot be read is not right. */
export async function storeReadiness(store: Store): Promise<StoreReadiness> {
  try {
    const [schema, id] = await kvOf(store).getMany<unknown>([
      keys.schemaVersion(),
      keys.storeId(),
    ]);
    return {
      kv: true,
      schema: schema?.value === SCHEMA_VERSION,
      storeId: id?.value === store.id,
    };
  } catch {
    return { kv: false, schema: false, storeId: false };
  }
}
