import {
  define,
  methods,
  publicReason,
  type State,
} from "../../lib/web/mod.ts";

/** Whether the portal and its database answer. No session, no data. */
export const handler = define.handlers(methods<State>({
  async GET({ state: { services: { store, version } } }) {
    const kv = await store.health();
    const refusal = store.refusal();
    const reason = refusal ? { reason: publicReason(refusal) } : {};
    return Response.json({ ok: kv, version, kv, ...reason }, {
      status: kv ? 200 : 503,
      headers: { "cache-control": "no-store" },
    });
  },
}));
