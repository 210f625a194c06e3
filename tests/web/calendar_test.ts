import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import ICAL from "ical.js";
import type { ActivityRow } from "../../lib/domain/mod.ts";
import { toCalendar } from "../../lib/web/mod.ts";

const ROW: ActivityRow = {
  id: "a1",
  scheduledAt: "2026-03-12T14:30:00.000Z",
  activityType: "Discovery Day",
  contactName: "Robin Roe",
  contactId: "p 1",
  description: "Bring the FDD",
  status: "Scheduled",
};

function write(...rows: Partial<ActivityRow>[]): Promise<string> {
  return toCalendar({
    brand: "Birch Bakery",
    slug: "birch-bakery",
    timezone: "America/New_York",
    rows: rows.map((row) => ({ ...ROW, ...row })),
    asOf: "2026-03-11T15:00:00.000Z",
    origin: "https://portal.example.com",
  });
}

/** As a calendar program reads it. */
function read(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const events = calendar.getAllSubcomponents("vevent").map((one) =>
    new ICAL.Event(one)
  );
  return { calendar, events };
}

describe("toCalendar()", () => {
  it("writes an event that a calendar program reads", async () => {
    const { calendar, events } = read(await write({}));
    expect(calendar.getFirstPropertyValue("version")).toBe("2.0");
    expect(calendar.getFirstPropertyValue("x-wr-calname"))
      .toBe("Birch Bakery: schedule");
    expect(calendar.getFirstPropertyValue("x-wr-timezone"))
      .toBe("America/New_York");
    const [event] = events;
    expect(event!.uid).toBe("a1@birch-bakery.tetherboard");
    expect(event!.summary).toBe("Discovery Day: Robin Roe");
    expect(event!.description).toBe("Bring the FDD");
    expect(event!.startDate.toString()).toBe("2026-03-12T14:30:00Z");
    expect(event!.component.getFirstPropertyValue("url"))
      .toBe("https://portal.example.com/leads/p%201?w=birch-bakery");
  });

  it("makes up no end: an event ends when it begins", async () => {
    const [event] = read(await write({})).events;
    expect(event!.component.getFirstProperty("dtend")).toBeNull();
    expect(event!.component.getFirstProperty("duration")).toBeNull();
  });

  it("keeps what is odd in a text inside it", async () => {
    const summary = "Call; with, Ann\\e\r\nBEGIN:VEVENT\r\nSUMMARY:no 😀";
    const description = "x".repeat(400) + "\nEND:VCALENDAR\n\u2028ü";
    const { events } = read(
      await write({ activityType: summary, description }),
    );
    expect(events.length).toBe(1);
    expect(events[0]!.summary).toContain("Call; with, Ann\\e");
    expect(events[0]!.summary).toContain("😀");
    expect(events[0]!.description).toBe(description);
  });

  it("breaks no line over 75 octets", async () => {
    const text = await write({ description: "Grüße 😀 ".repeat(80) });
    const lengths = text.split("\r\n").map((line) =>
      new TextEncoder().encode(line).length
    );
    expect(Math.max(...lengths)).toBeLessThanOrEqual(75);
  });

  it("tells two activities apart whatever their ids hold", async () => {
    const { events } = read(
      await write({ id: "a b" }, { id: "a\tb" }, { id: "é" }),
    );
    expect(new Set(events.map(({ uid }) => uid)).size).toBe(3);
  });

  it("leaves out what has no time, and names what has no type", async () => {
    const { events } = read(
      await write({ scheduledAt: null }, {
        activityType: null,
        contactName: null,
      }),
    );
    expect(events.map(({ summary }) => summary)).toEqual(["Activity"]);
  });

  it("writes the same for the same data", async () => {
    expect(await write({}, { id: "b" })).toBe(await write({}, { id: "b" }));
  });

  it("is a calendar without events where nothing is planned", async () => {
    expect(read(await write()).events).toEqual([]);
  });
});
