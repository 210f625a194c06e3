import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  findTenant,
  listSyncDue,
  SCHEMA_VERSION,
} from "../../lib/store/mod.ts";
import { openPortal, readConfig, VERSION } from "../../lib/web/mod.ts";
import { addAcme, createCliRig } from "../cli/_rig.ts";
import { cronTable, logged } from "../sync/_schedule.ts";

describe("openPortal()", () => {
  it("logs a sync that was asked for and could not begin, and keeps its mark", async () => {
    await using rig = await createCliRig();
    await addAcme(rig);
    await rig.inPortal(async ({ store, services, worker }) => {
      const { id } = await findTenant(store, "acme");
      worker.wake = () => Promise.reject(new Error("the database is gone"));
      const entries = await logged(() => services.requestSync(id));
      expect(entries).toMatchObject([{
        level: "error",
        properties: {
          tenantId: id,
          error: { message: "the database is gone" },
        },
      }]);
      expect(await listSyncDue(store)).toEqual([id]);
    });
  });

  it("syncs at once when it is asked for", async () => {
    await using rig = await createCliRig();
    await addAcme(rig);
    await rig.inPortal(async ({ store, services, worker }) => {
      const { id } = await findTenant(store, "acme");
      await services.requestSync(id);
      await worker.wake();
      expect(await listSyncDue(store)).toEqual([]);
    });
  });

  it("marks what is asked for and leaves it to a worker where PORTAL_ROLE is web", async () => {
    await using rig = await createCliRig();
    await addAcme(rig);
    rig.env.set("PORTAL_ROLE", "web");
    await rig.inPortal(async ({ store, services, worker }) => {
      const { id } = await findTenant(store, "acme");
      worker.wake = () => Promise.reject(new Error("not to be woken"));
      expect(await logged(() => services.requestSync(id))).toEqual([]);
      expect(await listSyncDue(store)).toEqual([id]);
    });
    rig.env.set("PORTAL_ROLE", "worker");
    await rig.inPortal(async ({ store, sync, worker }) => {
      const [, fiveMinutes] = cronTable(sync, worker);
      await fiveMinutes.tick();
      expect(await listSyncDue(store)).toEqual([]);
    });
  });

  it("logs once, with the versions, what it uses or why it uses nothing", async () => {
    await using rig = await createCliRig();
    const { id } = await rig.inPortal(({ store }) => Promise.resolve(store));
    const config = readConfig((name) => rig.env.get(name));
    const start = async (storeId: string) => {
      const portal = await openPortal({ ...config, storeId }, {
        patient: true,
      });
      await portal.close();
    };
    const versions = {
      portal: VERSION,
      deno: Deno.version.deno,
      v8: Deno.version.v8,
      schema: SCHEMA_VERSION,
      role: "both",
    };
    const boot = ["tetherboard", "boot"];
    expect(await logged(() => start(id), boot)).toMatchObject([
      { level: "info", properties: { ...versions, storeId: id } },
    ]);
    expect(await logged(() => start("another"), boot)).toMatchObject([
      {
        level: "error",
        properties: {
          ...versions,
          reason: expect.stringMatching(/PORTAL_STORE_ID asks for 'another'/),
        },
      },
    ]);
  });
});
