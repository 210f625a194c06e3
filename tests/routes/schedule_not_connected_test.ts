import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { HOUR } from "../_clock.ts";
import { expectJson } from "./_assert.ts";
import { openReader, type Reader } from "./_reader.ts";

const SENTENCE = "The calendar is not connected.";
const KEPT = "What it served before is shown below as it was then.";

const schedule = async ({ browser }: Reader) =>
  await expectJson(
    await browser.getIn("birch-bakery", "/api/dashboard/schedule"),
  ) as { data: unknown[]; connected: boolean };

const MISSING = {
  kind: "http_status",
  status: 404,
  endpoint: "activities",
} as const;

describe("The schedule of an account without activities", () => {
  it("says so on the page and in the endpoint, and is no failure", async () => {
    using reader = await openReader();
    reader.rig.simulator.faults.add(MISSING);
    await reader.rig.sync();
    expect(await schedule(reader)).toMatchObject({
      data: [],
      connected: false,
    });
    const text = await reader.text("/schedule");
    expect(text).toContain(SENTENCE);
    expect(text).toContain("It is asked again once a day");
    expect(text).toContain("Updated just now");
    expect(text).not.toContain(KEPT);
    expect(text).not.toContain("Nothing is scheduled");
    expect(await reader.text("/dashboard")).toContain(SENTENCE);
  });

  it("shows what was served before, and says that it is not connected any more", async () => {
    using reader = await openReader();
    const { rig } = reader;
    await rig.sync();
    const before = await schedule(reader);
    expect(before.connected).toBe(true);
    expect(before.data.length).toBeGreaterThan(0);
    expect(await reader.text("/schedule")).not.toContain(SENTENCE);
    rig.simulator.faults.add(MISSING);
    rig.clock.advance(HOUR);
    await rig.sync();
    expect(await schedule(reader)).toEqual({ ...before, connected: false });
    const text = await reader.text("/schedule");
    expect(text).toContain(SENTENCE);
    expect(text).toContain(KEPT);
    expect(text).toContain("This week");
    expect(text).toContain("Updated just now");
  });

  it("is a calendar again as soon as ClientTether answers", async () => {
    using reader = await openReader({ now: "2026-03-12T03:00:00.000Z" });
    const { rig } = reader;
    const missing = rig.simulator.faults.add(MISSING);
    await rig.sync();
    missing.remove();
    // Past midnight in New York.
    rig.clock.advance(2 * HOUR);
    await rig.sync();
    expect(await schedule(reader)).toMatchObject({ connected: true });
    expect(await reader.text("/schedule")).not.toContain(SENTENCE);
  });
});
