import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import LeadsChart from "../../islands/LeadsChart.tsx";
import LoadMoreNotes from "../../islands/LoadMoreNotes.tsx";
import SyncBanner from "../../islands/SyncBanner.tsx";
import ThemeSwitch from "../../islands/ThemeSwitch.tsx";
import { html } from "../components/_render.ts";

const NOW = Date.parse("2026-03-11T15:00:00.000Z");

describe("Islands on the server", () => {
  it("SyncBanner renders the age at the server's time", () => {
    const markup = html(
      <SyncBanner
        workspace="a"
        timezone="America/New_York"
        facts={{
          lastSyncAt: "2026-03-11T12:00:00.000Z",
          status: "failed",
          streams: {},
          errorMessage: null,
        }}
        now={NOW}
      />,
    );
    expect(markup).toContain("Data is 3 hours old - sync may be delayed");
    expect(markup).toContain('<p role="status"></p>');
  });

  it("LoadMoreNotes is a link to the notes that follow", () => {
    const markup = html(
      <LoadMoreNotes
        shown={50}
        total={130}
        href="?w=a&cursor=c1"
      />,
    );
    expect(markup).toMatch(
      /<a [^>]*href="\?w=a&amp;cursor=c1"[^>]*>Load more</,
    );
    expect(markup).toContain("50 of 130 notes shown.");
  });

  it("LoadMoreNotes offers nothing more at the end of the list", () => {
    const markup = html(
      <LoadMoreNotes
        shown={2}
        total={2}
        href={null}
      />,
    );
    expect(markup).not.toContain("Load more");
  });

  it("LeadsChart keeps its place, and is no canvas where no script runs", () => {
    const markup = html(
      <LeadsChart
        kind="bar"
        label="Leads by source"
        items={[{ name: "Web", count: 2 }]}
      />,
    );
    expect(markup).toContain("needs-script");
    expect(markup).toContain('aria-label="Leads by source"');
  });

  it("ThemeSwitch says which theme is chosen", () => {
    expect(html(<ThemeSwitch theme="dark" />))
      .toMatch(/aria-pressed="true"[^>]*>Dark</);
  });
});
