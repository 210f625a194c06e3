import { define, methods, type State } from "../lib/web/mod.ts";

/** While a pointer rests on a link to one of the seven pages, or to a person, browsers may fetch that page. */
const RULES = JSON.stringify({
  prefetch: [{
    where: {
      selector_matches: 'nav[aria-label="Main"] a,main a[href^="/leads/"]',
    },
    eagerness: "moderate",
  }],
});

/** What browsers may fetch in advance, as they read it. No session: there is no data in it. */
export const handler = define.handlers(methods<State>({
  GET() {
    return new Response(RULES, {
      headers: {
        "content-type": "application/speculationrules+json",
        "cache-control": "public, max-age=86400",
      },
    });
  },
}));
