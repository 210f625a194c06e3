import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  appendAudit,
  type AuditActor,
  auditEntries,
  listAudit,
  openStore,
  type Store,
} from "../../lib/store/mod.ts";
import { MINUTE, TestClock } from "../_clock.ts";

const ALICE: AuditActor = { kind: "user", id: "u1", name: "a@example.com" };
const NOBODY: AuditActor = { kind: "nobody", id: null, name: null };

let store: Store;
let kv: Deno.Kv;
let clock: TestClock;

async function append(action: string, more = {}): Promise<void> {
  await appendAudit(store, { actor: ALICE, action, ...more }, clock);
  clock.advance(MINUTE);
}

async function actions(query = {}): Promise<string[]> {
  const { rows } = await listAudit(store, { limit: 100, ...query });
  return rows.map(({ action }) => action);
}

describe("the audit log", () => {
  beforeEach(async () => {
    kv = await Deno.openKv(":memory:");
    store = await openStore({ kv });
    clock = new TestClock();
  });
  afterEach(() => store.close());

  it("says who did what, where, and when in UTC", async () => {
    await append("membership.changed", {
      tenantId: "t1",
      target: "u2",
      detail: { from: "tenant_viewer", to: "tenant_admin" },
      requestId: "r1",
    });
    const { rows: [entry] } = await listAudit(store, { limit: 1 });
    expect(entry).toEqual({
      id: entry!.id,
      at: "2026-03-11T15:00:00.000Z",
      actor: ALICE,
      action: "membership.changed",
      outcome: "done",
      tenantId: "t1",
      target: "u2",
      detail: { from: "tenant_viewer", to: "tenant_admin" },
      requestId: "r1",
    });
  });

  it("is listed newest first, page by page", async () => {
    for (let n = 1; n <= 5; n++) await append(`thing.${n}`);
    const first = await listAudit(store, { limit: 2 });
    const second = await listAudit(store, {
      limit: 2,
      cursor: first.cursor!,
    });
    const third = await listAudit(store, { limit: 2, cursor: second.cursor! });
    const pages = [first, second, third];
    expect(pages.map(({ rows }) => rows.map(({ action }) => action))).toEqual([
      ["thing.5", "thing.4"],
      ["thing.3", "thing.2"],
      ["thing.1"],
    ]);
    expect(third.cursor).toBeNull();
  });

  it("is filtered by tenant, person, action, outcome and time", async () => {
    await append("session.started");
    await append("session.denied", { actor: NOBODY, outcome: "denied" });
    await append("tenant.changed", { tenantId: "t1" });
    expect(await actions({ tenantId: "t1" })).toEqual(["tenant.changed"]);
    expect(await actions({ actorId: "u1" })).toEqual([
      "tenant.changed",
      "session.started",
    ]);
    expect(await actions({ action: "session" })).toEqual([
      "session.denied",
      "session.started",
    ]);
    expect(await actions({ action: "session.started" })).toEqual([
      "session.started",
    ]);
    expect(await actions({ outcome: "denied" })).toEqual(["session.denied"]);
    expect(await actions({ to: "2026-03-11T15:01:00.000Z" })).toEqual([
      "session.started",
    ]);
    expect(await actions({ from: "2026-03-11T15:02:00.000Z" })).toEqual([
      "tenant.changed",
    ]);
  });

  it("keeps entries of the same moment apart", async () => {
    for (let n = 0; n < 3; n++) {
      await appendAudit(store, { actor: ALICE, action: `same.${n}` }, clock);
    }
    expect(await actions()).toHaveLength(3);
  });

  it("cuts long texts, so that nobody fills it", async () => {
    await append("session.denied", {
      target: "x".repeat(5_000),
      detail: { agent: "y".repeat(5_000) },
    });
    const [entry] = await Array.fromAsync(auditEntries(store, { limit: 1 }));
    expect(entry!.target).toHaveLength(301);
    expect(entry!.detail.agent).toHaveLength(301);
  });

  it("refuses a cursor of another list", async () => {
    await expect(listAudit(store, { limit: 1, cursor: "x" })).rejects
      .toMatchObject({ name: "UsageError" });
  });
});
