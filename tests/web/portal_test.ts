import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { findTenant, listSyncDue } from "../../lib/store/mod.ts";
import { addAcme, createCliRig } from "../cli/_rig.ts";
import { logged } from "../sync/_schedule.ts";

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
});
