import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  countByKey,
  createSecrets,
  rotateSecrets,
  SEALED_FIELDS,
  type Secrets,
} from "../../lib/auth/mod.ts";
import {
  createTenant,
  getTenant,
  listTenants,
  newId,
  openStore,
  type Store,
  updateTenant,
} from "../../lib/store/mod.ts";
import { TestClock } from "../_clock.ts";
import { allRows } from "../_dump.ts";
import { crashAt, hookedKv } from "../_kv.ts";

const base64 = (fill: number) => new Uint8Array(32).fill(fill).toBase64();
const OLD = createSecrets(base64(1));
const BOTH = createSecrets(base64(2), [base64(1)]);
const NEW = createSecrets(base64(2));

describe("rotateSecrets()", () => {
  let clock: TestClock;
  let kv: Deno.Kv;
  let store: Store;

  beforeEach(async () => {
    clock = new TestClock();
    kv = await Deno.openKv(":memory:");
    store = await openStore({ kv, clock });
  });

  afterEach(() => store.close());

  /** Three tenants: two keys, one key, none. */
  async function brands(secrets: Secrets): Promise<string[]> {
    const ids = [newId(), newId(), newId()];
    const seal = (id: string, field: string) =>
      secrets.seal(id, field, `${field} of ${ids.indexOf(id)}`);
    for (const [n, id] of ids.entries()) {
      await createTenant(store, {
        id,
        name: `Brand ${n}`,
        timezone: "America/New_York",
        ...n < 2 && {
          clienttetherWebKey: await seal(id, "clienttetherWebKey"),
          webKeyLast4: "of 0",
        },
        ...n < 1 && {
          clienttetherAccessToken: await seal(id, "clienttetherAccessToken"),
        },
      }, clock);
    }
    return ids;
  }

  async function opened(secrets: Secrets): Promise<string[]> {
    const texts: string[] = [];
    for (const { name, list } of SEALED_FIELDS) {
      for await (const { ownerId, sealed } of list(store)) {
        texts.push(await secrets.open(ownerId, name, sealed));
      }
    }
    return texts;
  }

  it("seals everything with the newest key and says what stands under which", async () => {
    await brands(OLD);
    const texts = await opened(OLD);
    expect(texts).toHaveLength(3);
    expect(await countByKey(store)).toEqual({ [OLD.keyId]: 3 });
    const steps: number[] = [];
    const result = await rotateSecrets(store, BOTH, {
      onProgress: (rotated) => steps.push(rotated),
    });
    expect(result).toEqual({
      rotated: 3,
      counts: { [NEW.keyId]: 3 },
      unreadable: [],
    });
    expect(steps).toEqual([1, 2, 3]);
    expect(await opened(NEW)).toEqual(texts);
  });

  it("changes nothing but the sealed values, and nothing at all the second time", async () => {
    await brands(OLD);
    const [before] = await listTenants(store);
    clock.advance(60_000);
    await rotateSecrets(store, BOTH);
    const [after] = await listTenants(store);
    expect({
      ...after!.tenant,
      clienttetherWebKey: null,
      clienttetherAccessToken: null,
    }).toEqual({
      ...before!.tenant,
      clienttetherWebKey: null,
      clienttetherAccessToken: null,
    });
    const rows = await allRows(kv);
    expect((await rotateSecrets(store, BOTH)).rotated).toBe(0);
    expect(await allRows(kv)).toEqual(rows);
  });

  it("goes on where it was cut off; every value is readable at every moment", async () => {
    await brands(OLD);
    const texts = await opened(BOTH);
    for (
      const [n, when] of [[1, "before"], [1, "after"], [2, "after"]] as const
    ) {
      const dying = await openStore({
        kv: hookedKv(kv, crashAt(n, when)),
        clock,
      });
      await rotateSecrets(dying, BOTH).catch(() => {});
      expect(await opened(BOTH)).toEqual(texts);
    }
    await rotateSecrets(store, BOTH);
    expect(await countByKey(store)).toEqual({ [NEW.keyId]: 3 });
    expect(await opened(NEW)).toEqual(texts);
  });

  it("leaves a key alone that somebody changed meanwhile", async () => {
    const [id = ""] = await brands(OLD);
    const field = "clienttetherWebKey";
    const typed = await NEW.seal(id, field, "typed meanwhile");
    let changed = false;
    const racing = await openStore({
      kv: hookedKv(kv, {
        beforeCommit: async () => {
          if (changed) return;
          changed = true;
          await updateTenant(store, id, { [field]: typed }, clock);
        },
      }),
      clock,
    });
    const { rotated, counts } = await rotateSecrets(racing, BOTH);
    expect([rotated, counts]).toEqual([2, { [NEW.keyId]: 3 }]);
    const { clienttetherWebKey } = await getTenant(store, id);
    expect(await NEW.open(id, field, clienttetherWebKey!))
      .toBe("typed meanwhile");
  });

  it("keeps a name that was changed meanwhile", async () => {
    const [id = ""] = await brands(OLD);
    let changed = false;
    const racing = await openStore({
      kv: hookedKv(kv, {
        beforeCommit: async () => {
          if (changed) return;
          changed = true;
          await updateTenant(store, id, { name: "Renamed" }, clock);
        },
      }),
      clock,
    });
    expect((await rotateSecrets(racing, BOTH)).rotated).toBe(3);
    expect((await getTenant(store, id)).name).toBe("Renamed");
  });

  it("names what no key at hand opens, and leaves it as it is", async () => {
    const [id = ""] = await brands(createSecrets(base64(3)));
    const lost = createSecrets(base64(3)).keyId;
    const { rotated, counts, unreadable } = await rotateSecrets(store, BOTH);
    expect([rotated, counts]).toEqual([0, { [lost]: 3 }]);
    expect(unreadable).toHaveLength(3);
    expect(unreadable[0]).toEqual({
      field: "clienttetherWebKey",
      ownerId: id,
      keyId: lost,
    });
  });
});
