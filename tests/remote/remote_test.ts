import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { systemClock, TransientError } from "../../lib/domain/mod.ts";
import { createKvPort } from "../../lib/store/_kv.ts";
import {
  createTenant,
  listTenants,
  openStore,
  openStorePatiently,
  servingDeno,
  THIS_DENO,
} from "../../lib/store/mod.ts";
import { noteServing } from "../../lib/store/serving.ts";
import { createTestApp } from "../_app.ts";
import { HOUR } from "../_clock.ts";
import { differences, dump } from "../_dump.ts";
import { expectPage, expectProblem } from "../routes/_assert.ts";
import { PAGES } from "../routes/_reader.ts";
import { backUp, restore } from "../store/_backup.ts";
import { createRig, type SyncRig } from "../_sync.ts";
import { type Call, type Denokv, startDenokv } from "./_server.ts";

let denokv: Denokv;
beforeEach(() => {
  denokv = startDenokv();
});
afterEach(async () => await denokv[Symbol.asyncDispose]());

/** A first import, and the changes of a day. */
async function live(rig: SyncRig): Promise<void> {
  for (const hours of [1, 23]) {
    rig.clock.advance(hours * HOUR);
    rig.simulator.advance(hours);
    const { status } = await rig.sync();
    expect(status).toBe("success");
  }
}

describe("a database that is asked over the network", () => {
  const brand = { leads: 120 };

  it("holds what one in memory holds, row for row", async () => {
    await using remote = await createRig({ brand, path: denokv.url });
    await using local = await createRig({ brand });
    for (const rig of [remote, local]) await live(rig);
    const [here, there] = [
      await dump(local.kv, local.tenant.id),
      await dump(remote.kv, remote.tenant.id),
    ];
    expect(Object.keys(here).length).toBeGreaterThan(500);
    expect(differences(there, here)).toEqual([]);
  });

  it("takes the backup of another one, and gives it back", async () => {
    await using local = await createRig({ brand });
    await live(local);
    const backup = await backUp(local.store, local);
    const { rows } = await restore(backup, { path: denokv.url });
    const moved = await openStore({ path: denokv.url });
    expect(moved.id).toBe(local.store.id);
    const back = await backUp(moved, local);
    moved.close();
    const kv = await Deno.openKv(":memory:");
    expect((await restore(back, { kv })).rows).toBe(rows);
    const { id } = local.tenant;
    expect(differences(await dump(kv, id), await dump(local.kv, id)))
      .toEqual([]);
    kv.close();
  });

  it("serves every page, and asks for little where it has been opened before", async () => {
    await using rig = await createRig({ brand, path: denokv.url });
    await live(rig);
    const app = await createTestApp({ store: rig.store, clock: rig.clock });
    const browser = await app.signedIn(
      await app.createUser("tenant_viewer", rig.tenant.id),
    );
    const asked: Record<string, number> = {};
    for (const path of PAGES) {
      const open = () => browser.getIn(rig.tenant.slug, path);
      await expectPage(await open());
      const before = denokv.calls.snapshot_read;
      await expectPage(await open());
      asked[path] = denokv.calls.snapshot_read - before;
    }
    // The guard's two go out at once; the third tells what is new to this person, or which reports there are.
    expect(asked).toEqual({
      "/dashboard": 2,
      "/reports": 3,
      "/leads": 3,
      "/pipeline": 2,
      "/hot-list": 3,
      "/notes": 2,
      "/schedule": 3,
    });
  });

  describe("that fails", () => {
    const refusing = (status: number, refused: Call[] = ["snapshot_read"]) => {
      denokv.fault = (call) =>
        refused.includes(call) ? { when: "before", status } : null;
    };

    it("says so with the status, without its address or its words, and comes back", async () => {
      const store = await openStore({ path: denokv.url });
      for (
        const [status, says] of [
          [429, "Cannot list rows of the database: it answered 429"],
          [
            401,
            "Cannot list rows of the database: it answered 401; set DENO_KV_ACCESS_TOKEN to a token that it takes",
          ],
        ] as const
      ) {
        refusing(status);
        const error = await listTenants(store).catch((error) => error);
        expect(error).toBeInstanceOf(TransientError);
        expect(error.message).toBe(says);
      }
      denokv.fault = () => null;
      expect(await listTenants(store)).toEqual([]);
      store.close();
    });

    it("leaves a page at 503, which is told when to come again", async () => {
      await using rig = await createRig({ brand, path: denokv.url });
      await rig.sync();
      const app = await createTestApp({ store: rig.store, clock: rig.clock });
      const browser = await app.signedIn(
        await app.createUser("tenant_viewer", rig.tenant.id),
      );
      const open = () => browser.getIn(rig.tenant.slug, "/api/dashboard/leads");
      refusing(429);
      const answer = await open();
      expect(answer.headers.get("retry-after")).toBe("30");
      await expectProblem(answer, 503);
      denokv.fault = () => null;
      const { status, body } = await open();
      await body?.cancel();
      expect(status).toBe(200);
    });

    it("loses nothing of a sync where answers are lost on their way, which Deno asks for again", async () => {
      let n = 0;
      await using rig = await createRig({ brand, path: denokv.url });
      denokv.fault = (call) =>
        call !== "metadata" && ++n % 40 === 0
          ? { when: "after", status: 502 }
          : null;
      await live(rig);
      denokv.fault = () => null;
      expect(n).toBeGreaterThan(120);
      await using spared = await createRig({ brand });
      await live(spared);
      expect(
        differences(
          await dump(rig.kv, rig.tenant.id),
          await dump(spared.kv, spared.tenant.id),
        ),
      ).toEqual([]);
    });
  });

  it("is noted to be served by this Deno, and keeps a command from writing what that one cannot read", async () => {
    const served = await openStorePatiently({ path: denokv.url });
    expect(await servingDeno(served)).toEqual(THIS_DENO);
    served.close();
    const kv = await Deno.openKv(denokv.url);
    const unable = { deno: "2.5.0", format: THIS_DENO.format - 1 };
    await noteServing(createKvPort(kv), null, unable);
    const command = await openStore({ path: denokv.url });
    await expect(
      createTenant(command, { name: "Acme", timezone: "UTC" }, systemClock),
    ).rejects.toThrow("run this with npx -y deno@2.5.0");
    expect(await listTenants(command)).toEqual([]);
    command.close();
    kv.close();
  });
});
