import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { bannerView, type SyncFacts } from "../../components/banner_view.ts";
import { momentText } from "../../components/moment_text.ts";
import { SyncStatusBanner } from "../../components/SyncStatusBanner.tsx";
import type { StreamResult } from "../../lib/domain/mod.ts";
import { formatTime, localDay } from "../../lib/domain/mod.ts";
import { html, text } from "./_render.ts";

const ZONE = "America/New_York";
const NOW = Date.parse("2026-03-11T15:00:00.000Z");
const HOUR = 3_600_000;

function ago(ms: number): string {
  return new Date(NOW - ms).toISOString();
}

function stream(
  status: StreamResult["status"],
  lastSuccessAt: string | null,
): StreamResult {
  return {
    status,
    fetched: 0,
    written: 0,
    unchanged: 0,
    removed: 0,
    quarantined: 0,
    lastSuccessAt,
    error: null,
  };
}

function facts(fields: Partial<SyncFacts> = {}): SyncFacts {
  return {
    lastSyncAt: ago(12 * 60_000),
    status: "success",
    streams: {},
    errorMessage: null,
    ...fields,
  };
}

function banner(fields: Partial<SyncFacts> = {}) {
  return <SyncStatusBanner view={bannerView(facts(fields), NOW, ZONE)} />;
}

describe("SyncStatusBanner", () => {
  it("is a quiet line while the data is fresh", () => {
    expect(text(banner())).toBe("Updated 12 minutes ago");
    expect(html(banner())).toContain('data-freshness="fresh"');
    expect(html(banner())).not.toContain("bg-warn");
  });

  it("says how old stale data is, and when it was complete", () => {
    const stale = banner({ lastSyncAt: ago(3 * HOUR) });
    expect(text(stale)).toBe(
      "Data is 3 hours old - sync may be delayed . Last complete update today, 08:00 (New York).",
    );
    expect(html(stale)).toContain(
      "<span>Data is 3 hours old - sync may be delayed</span>",
    );
    expect(html(stale)).toContain('data-freshness="stale"');
    expect(html(stale)).toContain("bg-warn");
  });

  it("is stronger after a day, and names whom to contact after three", () => {
    const late = html(banner({ lastSyncAt: ago(30 * HOUR) }));
    expect(late).toContain('data-freshness="late"');
    expect(late).toContain("border-b-4");
    const critical = banner({ lastSyncAt: ago(80 * HOUR) });
    expect(html(critical)).toContain("bg-alarm");
    expect(text(critical)).toContain(
      "Data is 80 hours old - sync may be delayed. Please contact your agency.",
    );
    expect(text(critical)).toContain("Last complete update 8 Mar, ");
  });

  it("says what happens next before the first sync", () => {
    const never = banner({ lastSyncAt: null, status: "running" });
    expect(text(never)).toBe(
      "First import is running. Figures appear after its first complete update.",
    );
  });

  it("says that the first import has not finished where it failed, and why", () => {
    const failed = text(banner({
      lastSyncAt: null,
      status: "failed",
      errorMessage: "ClientTether refused the web key",
    }));
    expect(failed).toContain("The first import has not finished yet.");
    expect(failed).toContain("ClientTether refused the web key.");
    expect(failed).not.toContain("is running");
  });

  it("names the stream that is older than the rest, also while the data is fresh", () => {
    const lagging = banner({
      lastSyncAt: ago(HOUR),
      status: "failed",
      streams: {
        leads: stream("success", ago(60_000)),
        notes: stream("failed", ago(HOUR)),
      },
      errorMessage: "ClientTether answered 503 three times",
    });
    expect(text(lagging)).toBe(
      "Updated 1 hour ago . Notes are from today, 10:00. ClientTether answered 503 three times.",
    );
    expect(html(lagging)).toContain("bg-warn");
  });

  it("offers newer figures politely, in a place that is always announced", () => {
    const view = bannerView(facts(), NOW, ZONE);
    expect(html(<SyncStatusBanner view={view} />))
      .toContain('<p role="status"></p>');
    const newer = (
      <SyncStatusBanner
        view={view}
        news={{ href: "/leads?w=a" }}
      />
    );
    expect(text(newer)).toContain("New figures are here. Show them");
    expect(html(newer)).toContain('href="/leads?w=a"');
    const updated = "Figures updated, data of today, 10:02.";
    expect(html(<SyncStatusBanner view={view} news={{ updated }} />))
      .toContain(
        `<p role="status"><span class="sr-only">${updated}</span></p>`,
      );
  });

  it("offline it says what it shows, and nothing of the syncs", () => {
    for (const lastSyncAt of [ago(60_000), ago(30 * HOUR)]) {
      const view = bannerView(
        facts({ lastSyncAt, status: "failed", errorMessage: "No" }),
        NOW,
        ZONE,
        "You are offline.",
      );
      expect(view.quiet).toBe(false);
      expect([view.message, ...view.details]).toEqual([
        "You are offline.",
        `Showing data of ${momentText(lastSyncAt, NOW, ZONE)}.`,
      ]);
    }
    const never = facts({ lastSyncAt: null });
    expect(bannerView(never, NOW, ZONE, "You are offline.").details).toEqual(
      [],
    );
  });
});

describe("momentText()", () => {
  it("says the time that the domain's formats say", () => {
    for (const zone of [ZONE, "Asia/Kolkata", "Australia/Lord_Howe", "UTC"]) {
      for (let hour = 0; hour < 48; hour++) {
        const iso = ago(hour * HOUR);
        const sameDay = localDay(Date.parse(iso), zone) === localDay(NOW, zone);
        const said = momentText(iso, NOW, zone);
        expect(said.startsWith("today, ")).toBe(sameDay);
        expect(said.endsWith(`, ${formatTime(iso, zone)}`)).toBe(true);
      }
    }
  });
});
