import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  listFleet,
  purgeTenant,
  setTenantStatus,
  writeBackup,
} from "../../lib/store/mod.ts";
import { type WatchDeps, watchFleet } from "../../lib/sync/mod.ts";
import { HOUR, MINUTE } from "../_clock.ts";
import { crashWhere } from "../_kv.ts";
import { createRig, type SyncRig } from "../_sync.ts";
import { cronTable, logged } from "./_schedule.ts";

const WEBHOOK = "https://hooks.example.com/services/T0/B0/secret-part";

interface Sent {
  text: string;
  alerts: { event: string; tenant: string; troubles: string[] }[];
}

/** A webhook: what it heard, and how it answers. */
function createWebhook() {
  const sent: Sent[] = [];
  const requests: { url: string; init: RequestInit }[] = [];
  const hook = {
    sent,
    requests,
    answer: (_init: RequestInit): Response | Promise<Response> =>
      new Response("ok"),
    fetch: async (url: URL, init: RequestInit) => {
      requests.push({ url: url.href, init });
      const answer = await hook.answer(init);
      if (answer.ok) sent.push(JSON.parse(String(init.body)));
      return answer;
    },
  };
  return hook;
}

describe("watchFleet()", () => {
  let rig: SyncRig;
  let hook: ReturnType<typeof createWebhook>;
  let deps: WatchDeps;

  beforeEach(async () => {
    rig = await createRig({ brand: { leads: 3 } });
    await rig.sync();
    hook = createWebhook();
    deps = {
      store: rig.store,
      clock: rig.clock,
      fetch: hook.fetch,
      webhook: WEBHOOK,
      portalUrl: "https://portal.example.com",
    };
  });
  afterEach(() => rig.dispose());

  const look = async (later = 5 * MINUTE) => {
    rig.clock.advance(later);
    await watchFleet(deps);
  };
  const heard = () =>
    hook.sent.flatMap(({ alerts }) =>
      alerts.map(({ event, tenant, troubles }) =>
        [event, tenant, ...troubles].join(" ")
      )
    );
  const alert = async () => (await listFleet(rig.store))[0]!.alert;
  const fail = async (times: number) => {
    const { fetch } = rig.deps;
    rig.deps.fetch = () => Promise.resolve(new Response("", { status: 400 }));
    for (let n = 0; n < times; n++) await rig.sync();
    rig.deps.fetch = fetch;
  };

  it("says nothing, and writes nothing, while all is well", async () => {
    rig.operations.length = 0;
    await look();
    expect(hook.requests).toEqual([]);
    expect(rig.operations.filter(({ kind }) => kind === "commit")).toEqual([]);
  });

  it("tells once that a tenant turned stale, and once that it recovered", async () => {
    await look(2 * HOUR);
    expect(heard()).toEqual([]);
    await look();
    await look();
    await look(HOUR);
    expect(heard()).toEqual(["trouble test-brand stale"]);
    await rig.sync();
    await look();
    await look();
    expect(heard()).toEqual([
      "trouble test-brand stale",
      "recovered test-brand stale",
    ]);
    expect(await alert()).toBe(null);
  });

  it("tells of the third failure in a row, and not of a failure now and then", async () => {
    for (let n = 0; n < 3; n++) {
      await fail(2);
      await look();
      await rig.sync();
      await look();
    }
    expect(heard()).toEqual([]);
    await fail(3);
    await look();
    await fail(1);
    await look();
    await rig.sync();
    await look();
    expect(heard()).toEqual([
      "trouble test-brand failing",
      "recovered test-brand failing",
    ]);
  });

  it("tells of a refused key at once", async () => {
    const { fetch } = rig.deps;
    rig.deps.fetch = () => Promise.resolve(new Response("", { status: 401 }));
    await rig.sync();
    await look();
    await rig.sync();
    await look();
    expect(heard()).toEqual(["trouble test-brand key_refused"]);
    rig.deps.fetch = fetch;
    await rig.sync();
    await look();
    expect(heard().at(-1)).toBe("recovered test-brand key_refused");
  });

  it("sends a small body for chat programs, without a key or a run's message, and follows no redirect", async () => {
    await rig.change({ name: "A <!channel> & B" });
    await look(3 * HOUR);
    expect(hook.sent).toEqual([{
      text:
        "A &lt;!channel&gt; &amp; B: it had no complete sync for two hours.\n" +
        "https://portal.example.com/admin/operations",
      alerts: [{
        event: "trouble",
        tenant: "test-brand",
        name: "A <!channel> & B",
        troubles: ["stale"],
        since: "2026-03-11T18:00:00.000Z",
        lastSyncAt: "2026-03-11T15:00:00.000Z",
      }],
    }]);
    const [{ url, init }] = hook.requests as [typeof hook.requests[0]];
    expect([url, init.method, init.redirect]).toEqual([
      WEBHOOK,
      "POST",
      "manual",
    ]);
  });

  it("tries again on later looks, at longer and longer intervals, until the webhook is back", async () => {
    hook.answer = () => new Response("", { status: 500 });
    await look(3 * HOUR);
    expect(hook.requests.length).toBe(1);
    expect((await alert())?.message).toMatchObject({
      tries: 1,
      error: "answered 500",
    });
    await look();
    await look();
    expect(hook.requests.length).toBe(2);
    await look();
    expect(hook.requests.length).toBe(3);
    hook.answer = () => new Response("ok");
    for (let n = 0; n < 12; n++) await look();
    expect(heard()).toEqual(["trouble test-brand stale"]);
    expect(await alert()).toMatchObject({ told: ["stale"], message: null });
  });

  it("tells of trouble that came and went while the webhook was down", async () => {
    hook.answer = () => Promise.reject(new TypeError(`no route to ${WEBHOOK}`));
    await look(3 * HOUR);
    await rig.sync();
    hook.answer = () => new Response("ok");
    await look();
    expect(heard()).toEqual(["recovered test-brand stale"]);
    expect(hook.sent[0]?.text).toContain(
      "Test Brand has recovered. Before, since 2026-03-11 18:00 UTC: it had no complete sync for two hours.",
    );
  });

  it("gives up after ten tries with an error in the log, and the alert stays", async () => {
    hook.answer = () => Promise.reject(new TypeError(`no route to ${WEBHOOK}`));
    const records = await logged(async () => {
      await look(3 * HOUR);
      for (let n = 0; n < 12 * 12; n++) await look();
    });
    expect(hook.requests.length).toBe(10);
    const errors = records.filter(({ level }) => level === "error");
    expect(errors.map(({ properties }) => properties)).toMatchObject([{
      tenant: "test-brand",
      failure: "could not be reached",
      tries: 10,
    }]);
    expect(JSON.stringify(records)).not.toContain("secret-part");
    const { message } = (await alert())!;
    expect(message?.gaveUpAt).not.toBe(null);
    expect(message?.error).toBe("could not be reached");
  });

  it("takes a redirect, and an answer that does not come, for failures", async () => {
    hook.answer = () =>
      new Response(null, { status: 302, headers: { location: "/" } });
    await look(3 * HOUR);
    expect((await alert())?.message?.error).toBe(
      "redirected; redirects are refused",
    );
    deps.deadlineMs = 5;
    hook.answer = ({ signal }) =>
      new Promise((_, reject) => {
        signal!.addEventListener("abort", () => reject(signal!.reason));
      });
    await look();
    expect((await alert())?.message?.error).toBe(
      "did not answer within 0.005 s",
    );
  });

  it("tells once where two processes look at the same time", async () => {
    const { store } = await rig.another();
    rig.clock.advance(3 * HOUR);
    await Promise.all([
      watchFleet(deps),
      watchFleet({ ...deps, store }),
      watchFleet(deps),
    ]);
    expect(heard()).toEqual(["trouble test-brand stale"]);
    await rig.sync();
    await Promise.all([watchFleet(deps), watchFleet({ ...deps, store })]);
    expect(heard()).toEqual([
      "trouble test-brand stale",
      "recovered test-brand stale",
    ]);
  });

  it("goes on where the process died while it told", async () => {
    const dying = await rig.another(
      crashWhere((n, keys) => n > 1 && keys[0]?.[2] === "alert", "before"),
    );
    rig.clock.advance(3 * HOUR);
    hook.answer = () => new Response("", { status: 500 });
    await expect(watchFleet({ ...deps, store: dying.store })).rejects.toThrow();
    expect(hook.requests.length).toBe(1);
    hook.answer = () => new Response("ok");
    await watchFleet(deps);
    expect(heard()).toEqual([]);
    await look();
    expect(heard()).toEqual(["trouble test-brand stale"]);
  });

  it("tells of many tenants by one request", async () => {
    for (let n = 0; n < 30; n++) {
      await rig.addTenant(`Brand ${n}`, `key-${n}`);
    }
    await look(3 * HOUR);
    expect(hook.sent.length).toBe(1);
    expect(hook.sent[0]?.alerts.length).toBe(31);
    expect(hook.sent[0]?.text).toContain("... and 11 more");
  });

  it("keeps what it could not tell of, where one request of several fails", async () => {
    for (let n = 0; n < 60; n++) {
      await rig.addTenant(`Brand ${n}`, `key-${n}`);
    }
    hook.answer = () => new Response("", { status: 429 });
    await look(3 * HOUR);
    expect(hook.requests.length).toBe(1);
    const rows = await listFleet(rig.store);
    expect(rows.every(({ alert }) => alert?.message?.event === "trouble"))
      .toBe(true);
    hook.answer = () => new Response("ok");
    await look();
    expect(new Set(heard()).size).toBe(61);
    expect(heard().length).toBe(61);
  });

  it("is silent about a tenant that nobody syncs, and forgets what it knew of it", async () => {
    await look(3 * HOUR);
    await setTenantStatus(rig.store, rig.tenant.id, "inactive");
    await look();
    expect(await alert()).toBe(null);
    expect(heard()).toEqual(["trouble test-brand stale"]);
  });

  it("leaves nothing behind in a purged tenant, nor in a backup", async () => {
    await look(3 * HOUR);
    const bytes: Uint8Array[] = [];
    await writeBackup(
      rig.store,
      new WritableStream({ write: (chunk) => void bytes.push(chunk) }),
      { clock: rig.clock },
    );
    const text = await new Response(
      new Blob(bytes as BlobPart[]).stream()
        .pipeThrough(new DecompressionStream("gzip")),
    ).text();
    expect(text).toContain("sync_state");
    expect(text).not.toContain('"alert"');
    hook.answer = async () => {
      await purgeTenant(rig.store, rig.tenant.id, { clock: rig.clock });
      return new Response("ok");
    };
    await rig.sync();
    await look();
    const left = await Array.fromAsync(
      rig.kv.list({ prefix: ["t", rig.tenant.id] }),
    );
    expect(left.map(({ key }) => key[2])).toEqual(["state"]);
  });
});

describe("registerCrons() with a watch", () => {
  it("looks every five minutes, on the production timeline alone", async () => {
    const rig = await createRig({ brand: { leads: 3 } });
    let looks = 0;
    const watch = () => Promise.resolve(void looks++);
    const worker = {
      tick: () => Promise.resolve(),
      wake: () => Promise.resolve(),
      stop: () => Promise.resolve(),
    };
    const [, , production] = cronTable(rig.deps, worker, "production", watch);
    expect(production?.schedule).toBe("*/5 * * * *");
    await production?.tick();
    expect(looks).toBe(1);
    const [, , preview] = cronTable(rig.deps, worker, "preview", watch);
    await preview?.tick();
    expect(looks).toBe(1);
    rig.dispose();
  });
});
