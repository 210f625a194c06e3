import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { newerOf } from "../../lib/clienttether/mod.ts";
import { rawRow } from "./_helpers.ts";

describe("newerOf()", () => {
  const row = (last_modified_date?: unknown) =>
    rawRow("leads", { client_id: "1", last_modified_date });

  it("takes the later date, whichever came first", () => {
    const old = row("2026-06-01 10:00:00");
    const recent = row("2026-06-01 10:00:01");
    expect(newerOf(old, recent)).toBe(recent);
    expect(newerOf(recent, old)).toBe(recent);
  });

  it("takes a dated row rather than one without a date", () => {
    const dated = row("2026-06-01");
    for (const undated of [row(), row("0000-00-00"), row({})]) {
      expect(newerOf(dated, undated)).toBe(dated);
      expect(newerOf(undated, dated)).toBe(dated);
    }
  });

  it("takes the one that came later where the dates say nothing", () => {
    const [a, b] = [row("2026-06-01"), row("2026-06-01")];
    expect(newerOf(a, b)).toBe(b);
    const [c, d] = [row(), row()];
    expect(newerOf(c, d)).toBe(d);
  });
});
