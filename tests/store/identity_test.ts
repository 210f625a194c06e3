import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { readIdentity, refuseForeign } from "../../lib/store/_identity.ts";
import { createKvPort } from "../../lib/store/_kv.ts";
import { keys } from "../../lib/store/keys.ts";
import { hookedKv } from "../_kv.ts";

describe("readIdentity()", () => {
  let kv: Deno.Kv;
  beforeEach(async () => {
    kv = await Deno.openKv(":memory:");
  });
  afterEach(() => kv.close());

  it("asks what the database is, and whether it has any row, at the same time", async () => {
    await kv.set(keys.schemaVersion(), 3);
    const gate = Promise.withResolvers<void>();
    const begun: string[] = [];
    const port = createKvPort(hookedKv(kv, {
      beforeGet: () => {
        begun.push("get");
        return gate.promise;
      },
      onList: () => begun.push("list"),
      beforeList: () => gate.promise,
    }));
    const reading = readIdentity(port);
    for (let n = 0; n < 100; n++) await Promise.resolve();
    expect(begun).toEqual(["get", "list"]);
    gate.resolve();
    expect(await reading).toEqual({
      storeId: null,
      schemaVersion: 3,
      serving: null,
      isHalfRestored: false,
      isEmpty: false,
    });
    expect(begun).toEqual(["get", "list"]);
  });

  it("knows a database that another process begins between the two", async () => {
    const begun = Promise.withResolvers<void>();
    const port = createKvPort(hookedKv(kv, {
      afterGet: async () => {
        await kv.set(keys.schemaVersion(), 5);
        begun.resolve();
      },
      beforeList: () => begun.promise,
    }));
    const found = await readIdentity(port);
    expect(found).toMatchObject({ isEmpty: false, schemaVersion: 5 });
    expect(() => refuseForeign(found)).not.toThrow();
  });

  it("tells another program's from an empty one", async () => {
    const port = createKvPort(kv);
    const empty = await readIdentity(port);
    expect(empty).toMatchObject({ isEmpty: true, schemaVersion: null });
    expect(() => refuseForeign(empty)).not.toThrow();
    await kv.set(["cache", 1], "theirs");
    const theirs = await readIdentity(port);
    expect(() => refuseForeign(theirs)).toThrow("of another program");
  });
});
