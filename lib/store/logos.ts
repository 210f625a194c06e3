import { createHash } from "node:crypto";
import {
  type Clock,
  isoNow,
  type LogoFacts,
  logoSize,
  NotFoundError,
} from "../domain/mod.ts";
import { keys, tenantKeys } from "./keys.ts";
import { kvOf, type Store } from "./_store.ts";
import type { Tenant } from "./tenant.ts";
import { updateRecord } from "./_update.ts";

/** Hexadecimal digits of a hash: enough to tell two pictures of a brand apart. */
const HASH_LENGTH = 16;

/**
 * Gives a tenant a logo, a PNG, or takes it away: `["t", id, "logo"]` is the picture, what pages need to know of it
 * stands in the tenant. Both change in one atomic operation.
 *
 * @throws {UsageError} when it is no PNG, or too large.
 * @throws {NotFoundError} for an unknown id, and when the tenant was purged.
 */
export async function setLogo(
  store: Store,
  tenantId: string,
  bytes: Uint8Array | null,
  clock: Clock,
): Promise<Tenant> {
  const kv = kvOf(store);
  const k = tenantKeys(tenantId);
  const logo = bytes && factsOf(bytes);
  return await updateRecord<Tenant>(
    kv,
    keys.tenant(tenantId),
    `tenant '${tenantId}'`,
    async (current) => {
      const { key, value, versionstamp } = await kv.get<string>(k.state());
      if (value === null || value === "purged") {
        throw new NotFoundError("Cannot change the logo: the brand is closing");
      }
      return {
        value: { ...current, logo, updatedAt: isoNow(clock) },
        checks: [{ key, versionstamp }],
        ...bytes
          ? { sets: [{ key: k.logo(), value: bytes }] }
          : { deletes: [k.logo()] },
      };
    },
  );
}

/** The picture, a PNG; null where there is none. One read. */
export async function findLogo(
  store: Store,
  tenantId: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const key = tenantKeys(tenantId).logo();
  return (await kvOf(store).get<Uint8Array<ArrayBuffer>>(key)).value;
}

function factsOf(bytes: Uint8Array): LogoFacts {
  const hash = createHash("sha256").update(bytes).digest("hex");
  return { hash: hash.slice(0, HASH_LENGTH), ...logoSize(bytes) };
}
