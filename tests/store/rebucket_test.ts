import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { createKvPort } from "../../lib/store/_kv.ts";
import { rebucket } from "../../lib/store/migrations/_rebucket.ts";
import { tenantKeys } from "../../lib/store/keys.ts";
import {
  hashByte,
  packBucket,
  readStreamIndex,
} from "../../lib/store/sync_index.ts";
import { STREAMS } from "../../lib/domain/mod.ts";
import { HOUR } from "../_clock.ts";
import { allRows, differences, dump } from "../_dump.ts";
import { hookedKv } from "../_kv.ts";
import { createRig, type SyncRig } from "../_sync.ts";

/** Puts the sync index as schema version 1 had it: every id by its hash, in the buckets from 0 to 255. */
async function asVersionOne({ kv, tenant }: SyncRig): Promise<void> {
  const k = tenantKeys(tenant.id);
  for (const stream of STREAMS) {
    const index = await readStreamIndex(createKvPort(kv), k, stream);
    const old = new Map<number, Map<string, string>>();
    for (const part of index.parts()) {
      const n = hashByte(part);
      const bucket = old.get(n) ?? new Map();
      old.set(n, bucket.set(part, index.get(part)!));
    }
    for await (const { key } of kv.list({ prefix: k.syncIndexes(stream) })) {
      await kv.delete(key);
    }
    for (const [n, bucket] of old) {
      await kv.set(k.syncIndex(stream, n), packBucket(bucket));
    }
  }
}

describe("rebucket()", () => {
  it("leaves the index as a sync of today writes it", async () => {
    await using rig = await createRig({ brand: { leads: 300, notes: 200 } });
    await rig.sync();
    const before = await dump(rig.kv, rig.tenant.id);
    await asVersionOne(rig);
    await rebucket(createKvPort(rig.kv));
    expect(differences(await dump(rig.kv, rig.tenant.id), before)).toEqual([]);
    rig.clock.advance(HOUR);
    expect(await rig.sync()).toMatchObject({
      status: "success",
      recordsUpdated: 0,
    });
  });

  it("changes nothing of an index that is in order", async () => {
    await using rig = await createRig();
    await rig.sync();
    const before = await allRows(rig.kv);
    await rebucket(createKvPort(rig.kv));
    expect(await allRows(rig.kv)).toEqual(before);
  });

  it("ends the same wherever it was killed", async () => {
    await using rig = await createRig({ brand: { leads: 300 } });
    await rig.sync();
    const before = await dump(rig.kv, rig.tenant.id);
    for (let at = 1, killed = true; killed; at++) {
      await asVersionOne(rig);
      const dying = hookedKv(rig.kv, {
        beforeCommit: (n) => {
          if (n === at) throw new Error("the process died");
        },
      });
      killed = await rebucket(createKvPort(dying)).then(
        () => false,
        () => true,
      );
      await rebucket(createKvPort(rig.kv));
      expect(differences(await dump(rig.kv, rig.tenant.id), before))
        .toEqual([]);
    }
  });
});
