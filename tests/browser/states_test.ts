import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { createTenant } from "../../lib/store/mod.ts";
import { HOUR } from "../_clock.ts";
import { inspectAll } from "./_axe.ts";
import { Stage } from "./_browser.ts";
import { CEDAR } from "./_cedar.ts";
import type { PortalUser } from "./_portal.ts";
import {
  CANDIDATE,
  EARLIER,
  NEW_BRAND,
  PAGES,
  PERSON,
  REFUSED_BRAND,
  type Scene,
  SCENES,
} from "./shots/_scenes.ts";

/** The demo's brands, people and days, and what stands for them in this small world. */
const STANDS_FOR: Record<string, string> = {
  "alder-burgers": "birch-bakery",
  [REFUSED_BRAND]: "cedar-pizza",
  [NEW_BRAND]: "fern-daycare",
  [PERSON]: "107",
  [CANDIDATE]: "107",
  [EARLIER]: "2026-03-11",
};
const USERS: Record<string, PortalUser> = {
  "agency@example.com": "agency",
  "dana@example.com": "viewer",
  "viewer@example.com": "both",
};

/** Looked at elsewhere, or out of reach of an address. */
const ELSEWHERE: readonly string[] = [...PAGES, "login", "select-workspace"];
const scenes = SCENES.filter(({ name, offline }) =>
  !offline && !ELSEWHERE.includes(name)
);
/** Scenes that are about an error. */
const ERRORS = ["not-found", "person-unknown"];

/** Where a scene of the pictures is in this world. */
function addressOf({ path }: Scene): string {
  return Object.entries(STANDS_FOR).reduce(
    (address, [name, own]) => address.replaceAll(name, own),
    path,
  );
}

describe("Every page in every state", () => {
  let stage: Stage;
  let now: number;

  beforeAll(async () => {
    stage = await Stage.open();
    const { portal } = stage;
    // A week ends, so that there are a report and earlier days.
    portal.clock.advance(5 * 24 * HOUR);
    await portal.sync();
    await createTenant(portal.store, {
      name: "Fern Daycare",
      timezone: "America/Denver",
    }, portal.clock);
    portal.simulator.faults.add({ kind: "key_revoked", brand: CEDAR.webKey });
    await expect(portal.sync(portal.cedar)).rejects.toThrow("refused");
    now = portal.clock.now();
  });
  afterAll(() => stage.close());

  for (const scene of scenes) {
    it(`is for everybody: axe finds nothing on ${scene.name}`, async () => {
      const { clock } = stage.portal;
      clock.set(new Date(now).toISOString());
      // The demo's reader also manages people; this world's does not.
      const as = scene.name.startsWith("people")
        ? "agency"
        : scene.as && USERS[scene.as];
      await stage.visit(
        as ? { as } : {},
        async ({ page, glance, complaints }) => {
          clock.advance((scene.late ?? 0) * HOUR);
          await page.clock.setFixedTime(clock.now());
          await glance(addressOf(scene));
          // The small world has what the scene is about.
          const refused = complaints.filter((text) => /^4\d\d: /.test(text));
          expect(refused).toHaveLength(ERRORS.includes(scene.name) ? 1 : 0);
          expect(await inspectAll(page)).toEqual([]);
        },
      );
    });
  }
});
