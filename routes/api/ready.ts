import {
  define,
  methods,
  type Readiness,
  readiness,
  type State,
} from "../../lib/web/mod.ts";

/** Whether this process can do its work: for whoever sends it requests. No session, no data. */
export const handler = define.handlers(methods<State>({
  async GET({ state: { services } }) {
    const body: Readiness = await readiness(services);
    return Response.json(body, {
      status: body.ok ? 200 : 503,
      headers: { "cache-control": "no-store" },
    });
  },
}));
