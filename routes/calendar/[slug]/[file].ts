import {
  define,
  lastSegment,
  methods,
  publicOrigin,
  type State,
  taggedAnswer,
  toCalendar,
  workspaceOfCalendar,
} from "../../../lib/web/mod.ts";

const DAY_MS = 86_400_000;
/** What a calendar program gets, around now. */
const BACK_MS = 14 * DAY_MS;
const AHEAD_MS = 200 * DAY_MS;
const LIMIT = 2_000;
const SUFFIX = /\.ics$/;

/** The schedule of a workspace for calendar programs, which carry no session: the address is the key. */
export const handler = define.handlers(methods<State>({
  async GET(ctx) {
    const { workspace, now } = await open(ctx);
    const { store, sync, tenant: { name, slug, timezone } } = workspace;
    const { rows } = await store.scheduleBetween({
      from: now - BACK_MS,
      to: now + AHEAD_MS,
      limit: LIMIT,
    });
    const text = await toCalendar({
      brand: name,
      slug,
      timezone,
      rows,
      asOf: sync.lastSyncAt,
      origin: publicOrigin(ctx),
    });
    return taggedAnswer(ctx.req, text, {
      "content-type": "text/calendar; charset=utf-8",
      "content-disposition": `inline; filename="${slug}.ics"`,
    });
  },
}));

async function open(ctx: Parameters<typeof workspaceOfCalendar>[0]) {
  const file = lastSegment(ctx.url);
  const workspace = await workspaceOfCalendar(ctx, {
    slug: ctx.params.slug ?? "",
    token: SUFFIX.test(file) ? file.replace(SUFFIX, "") : "",
  });
  return { workspace, now: ctx.state.services.clock.now() };
}
