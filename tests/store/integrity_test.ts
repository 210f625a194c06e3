import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  checkDirectory,
  checkTenant,
  createSession,
  createTenant,
  createUser,
  markSyncDue,
  openRecords,
  openStore,
  setMembership,
  type Store,
} from "../../lib/store/mod.ts";
import { TestClock } from "../_clock.ts";
import { hookedKv } from "../_kv.ts";

const clock = new TestClock();
const TOKEN = "ab".repeat(32);

let kv: Deno.Kv;
let store: Store;

beforeEach(async () => {
  kv = await Deno.openKv(":memory:");
  store = await openStore({ kv, clock });
  const zone = { timezone: "America/New_York" };
  await createTenant(store, { id: "acme", name: "Acme", ...zone }, clock);
  await createTenant(store, { id: "bolt", name: "Bolt", ...zone }, clock);
  for (const id of ["ann", "ben"]) {
    await createUser(store, {
      id,
      email: `${id}@example.com`,
      name: id,
      passwordHash: null,
    }, clock);
  }
  await setMembership(store, "ann", "*", "agency_admin", clock);
  await setMembership(store, "ben", "acme", "tenant_viewer", clock);
  await createSession(store, TOKEN, session("ben"), clock);
  await markSyncDue(store, "acme", clock);
});

afterEach(() => store.close());

function session(userId: string) {
  return {
    userId,
    epoch: 0,
    tenantId: null,
    createdAt: "2026-03-11T15:00:00.000Z",
    seenAt: "2026-03-11T15:00:00.000Z",
    expiresAt: "2026-03-12T15:00:00.000Z",
  };
}

describe("checkDirectory()", () => {
  it("finds nothing wrong with what the store itself has written", async () => {
    expect(await checkDirectory(store)).toEqual({
      records: 7,
      indexRows: 7,
      differences: [],
      found: 0,
      remarks: [],
    });
  });

  const missing: [Deno.KvKey, string][] = [
    [
      ["tenants_by_slug", "acme"],
      "tenants_by_slug / acme: is missing, though a record asks for it",
    ],
    [
      ["users_by_email", "ann@example.com"],
      "users_by_email / ann@example.com: is missing, though a record asks for it",
    ],
    [
      ["memberships_by_tenant", "acme", "ben"],
      "memberships_by_tenant / acme / ben: is missing, though a record asks for it",
    ],
    [
      ["memberships", "ben", "acme"],
      "memberships_by_tenant / acme / ben: belongs to no record",
    ],
    [
      ["sessions_by_user", "ben", TOKEN],
      "sessions_by_user / ben / abababababab…: is missing, though a record asks for it",
    ],
    [
      ["sessions", TOKEN],
      "sessions_by_user / ben / abababababab…: belongs to no record",
    ],
    [
      ["users", "ann"],
      "users_by_email / ann@example.com: belongs to no record",
    ],
    [
      ["users", "ben"],
      "memberships / ben / acme: names users / ben, which is not there",
    ],
    [
      ["tenants", "acme"],
      "memberships / ben / acme: names tenants / acme, which is not there",
    ],
    [
      ["tenants", "acme"],
      "sync_due / acme: marks a tenant that is not there",
    ],
    [["tenants", "bolt"], "tenants_by_slug / bolt: belongs to no record"],
    [["tenants", "bolt"], "t / bolt: rows of a tenant that is not there"],
    [["t", "bolt", "state"], "tenants / bolt: has no status"],
  ];
  for (const [key, line] of missing) {
    it(`finds that ${key.join(" / ")} is missing: ${line}`, async () => {
      await kv.delete(key);
      expect((await checkDirectory(store)).differences).toContain(line);
    });
  }

  const altered: [Deno.KvKey, unknown, string][] = [
    [
      ["tenants_by_slug", "acme"],
      "bolt",
      "tenants_by_slug / acme: does not hold what its record says",
    ],
    [
      ["users_by_email", "eve@example.com"],
      "ben",
      "users_by_email / eve@example.com: belongs to no record",
    ],
    [
      ["memberships_by_tenant", "acme", "ben"],
      { userId: "ben", scope: "acme", role: "tenant_admin" },
      "memberships_by_tenant / acme / ben: does not hold what its record says",
    ],
    [
      ["sessions", TOKEN],
      session("ann"),
      "sessions_by_user / ann / abababababab…: is missing, though a record asks for it",
    ],
  ];
  for (const [key, value, line] of altered) {
    it(`finds that ${key.join(" / ")} was altered: ${line}`, async () => {
      await kv.set(key, value);
      expect((await checkDirectory(store)).differences).toContain(line);
    });
  }

  it("takes no change of the moment for a difference", async () => {
    const byUser = ["sessions_by_user", "ben", TOKEN];
    let open = false;
    const busy = await openStore({
      kv: hookedKv(kv, {
        // The session ended between the two lists, whose rows then did not fit together.
        beforeGet: async () => {
          if (open) await kv.delete(byUser);
        },
      }),
    });
    open = true;
    await kv.delete(["sessions", TOKEN]);
    expect((await checkDirectory(busy)).differences).toEqual([]);
  });
});

describe("checkTenant()", () => {
  it("counts what is stored, and stops where it is told to", async () => {
    const { findings, counts } = await checkTenant(store, "acme");
    expect(findings.found).toBe(0);
    expect(counts).toEqual({
      cycles: 0,
      leads: 0,
      opportunities: 0,
      notes: 0,
      activities: 0,
    });
    await kv.set(["t", "acme", "leads", "7"], { id: "7", createdAt: null });
    const signal = AbortSignal.abort(new Error("stopped"));
    await expect(checkTenant(store, "acme", { signal })).rejects.toThrow(
      "stopped",
    );
  });

  it("writes nothing and reads no key of another tenant", async () => {
    const keys: Deno.KvKey[] = [];
    const watched = await openStore({
      kv,
      observe: (operation) => {
        if (operation.kind === "commit") throw new Error("written");
        keys.push(...operation.keys);
      },
    });
    keys.length = 0;
    await checkTenant(watched, "acme");
    await Array.fromAsync(openRecords(watched, "acme").leads());
    expect(keys.filter(([t, id]) => t !== "t" || id !== "acme")).toEqual([]);
  });

  it("shows control characters of an id as what they are not", async () => {
    await kv.set(["t", "acme", "leads", "7\n\u001b[2J"], null);
    const { findings } = await checkTenant(store, "acme");
    expect(findings.differences).toEqual([
      "leads / 7\ufffd\ufffd[2J: is not in the sync index",
      "leads / 7\ufffd\ufffd[2J: is no record of this id",
    ]);
  });
});
