import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  createTenant,
  getTenant,
  listTenantNames,
  openStore,
  type Store,
} from "../../lib/store/mod.ts";
import { TestClock } from "../_clock.ts";
import { hookedKv } from "../_kv.ts";

interface Told {
  kind: string;
  mutations: number;
  ok: boolean;
  bytes: number;
}

describe("a store that is measured", () => {
  let store: Store;
  let told: Told[];
  let refused: boolean;
  const clock = new TestClock();

  beforeEach(async () => {
    told = [];
    refused = false;
    const kv = hookedKv(await Deno.openKv(":memory:"), {
      beforeGet: () => {
        if (refused) throw new Error("the disk is gone");
      },
    });
    store = await openStore({
      kv,
      clock,
      measure: ({ kind, mutations }) => (outcome) =>
        told.push({ kind, mutations, ...outcome }),
    });
    told.length = 0;
  });
  afterEach(() => store.close());

  const brand = { id: "acme", name: "Acme", timezone: "America/New_York" };

  it("tells of each operation how it ended, and about how many bytes went", async () => {
    await createTenant(store, brand, clock);
    await getTenant(store, "acme");
    await listTenantNames(store);
    expect(told.map(({ kind, mutations, ok }) => [kind, mutations, ok]))
      .toEqual([["commit", 3, true], ["get", 0, true], ["list", 0, true]]);
    for (const { bytes } of told) expect(bytes).toBeGreaterThan(100);
  });

  it("tells of a commit that was refused, and of what could not be read", async () => {
    await createTenant(store, brand, clock);
    told.length = 0;
    await expect(createTenant(store, brand, clock)).rejects.toThrow("taken");
    refused = true;
    await expect(getTenant(store, "acme")).rejects.toThrow();
    expect(told).toEqual([
      { kind: "commit", mutations: 3, ok: false, bytes: 0 },
      { kind: "get", mutations: 0, ok: false, bytes: 0 },
    ]);
  });
});
