import { createHash } from "node:crypto";
import type { KvPort } from "./_kv.ts";
import type { TenantKeys } from "./keys.ts";

/** What is kept of a person's id: enough to know it again, and another one for each tenant. */
export function personHash(tenantId: string, personId: string): string {
  return createHash("sha256").update(JSON.stringify([tenantId, personId]))
    .digest("hex");
}

/** The people who were erased and are to be kept out of later syncs. */
export class ErasedPeople {
  private constructor(
    private readonly tenantId: string,
    private readonly hashes: ReadonlySet<string>,
  ) {}

  static async read(
    port: KvPort,
    k: TenantKeys,
    tenantId: string,
  ): Promise<ErasedPeople> {
    const hashes = new Set<string>();
    for await (const { key } of port.list({ prefix: k.allErased() })) {
      hashes.add(String(key.at(-1)));
    }
    return new ErasedPeople(tenantId, hashes);
  }

  get size(): number {
    return this.hashes.size;
  }

  has(personId: string | null): boolean {
    return this.hashes.size > 0 && personId !== null &&
      this.hashes.has(personHash(this.tenantId, personId));
  }
}
