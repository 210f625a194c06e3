import {
  auditEntries,
  type AuditEntry,
  listTenantNames,
} from "../../lib/store/mod.ts";
import {
  AUDIT_QUERY,
  auditQueryOf,
  csvLine,
  defineSignedIn,
  methods,
  parseQuery,
  recordAudit,
  type SignedInState,
} from "../../lib/web/mod.ts";

const HEAD = [
  "at",
  "actor_kind",
  "actor_id",
  "actor",
  "action",
  "outcome",
  "tenant_id",
  "tenant",
  "target",
  "detail",
  "request_id",
  "id",
];
/** Lines are sent in pieces of about this many characters. */
const PIECE = 16_384;

/** The audit log of a filter as CSV, newest first; it is read while it is sent, and asking for it is an entry too. */
export const handler = defineSignedIn.handlers(methods<SignedInState>({
  async GET(ctx) {
    const { url, req, state: { services: { store, clock } } } = ctx;
    const filter = parseQuery(url, AUDIT_QUERY);
    const query = await auditQueryOf(store, filter);
    if (req.method === "GET") {
      const asked = Object.entries(filter).map((
        [name, value],
      ) => [name, value ?? null]);
      await recordAudit(ctx, "audit.exported", {
        detail: Object.fromEntries(asked),
      });
    }
    const tenants = await listTenantNames(store);
    const names = new Map(tenants.map(({ id, name }) => [id, name]));
    const text = lines(auditEntries(store, { ...query, limit: 0 }), names);
    const day = new Date(clock.now()).toISOString().slice(0, 10);
    return new Response(
      ReadableStream.from(text).pipeThrough(new TextEncoderStream()),
      {
        headers: {
          "content-type": "text/csv; charset=utf-8",
          "content-disposition": `attachment; filename="audit-${day}.csv"`,
        },
      },
    );
  },
}));

async function* lines(
  entries: AsyncIterable<AuditEntry>,
  names: ReadonlyMap<string, string>,
): AsyncGenerator<string> {
  let piece = csvLine(HEAD);
  for await (const entry of entries) {
    piece += csvLine(cellsOf(entry, names));
    if (piece.length < PIECE) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}

function cellsOf(
  { at, actor, action, outcome, tenantId, target, detail, requestId, id }:
    AuditEntry,
  names: ReadonlyMap<string, string>,
): Array<string | null> {
  return [
    at,
    actor.kind,
    actor.id,
    actor.name,
    action,
    outcome,
    tenantId,
    tenantId && (names.get(tenantId) ?? null),
    target,
    JSON.stringify(detail),
    requestId,
    id,
  ];
}
