import { ENDPOINTS } from "./endpoints.ts";
import { newerOf } from "./newer_of.ts";
import { readList } from "./read_list.ts";
import type {
  ApiResponse,
  EndpointName,
  ListParams,
  PageSource,
  RawRow,
} from "./types.ts";
import { readWire, type WireOf } from "./wire.ts";

/** The wire record of each endpoint. */
type WireAt<E extends EndpointName> = WireOf[(typeof ENDPOINTS)[E]["stream"]];

/**
 * A whole list under its documented names, in the order of ClientTether. Of a record that comes twice the newest
 * stays; a field that holds what it should not is null.
 */
export async function readRecords<E extends EndpointName>(
  client: PageSource,
  endpoint: E,
  params: ListParams,
): Promise<ApiResponse<WireAt<E>[]>> {
  const byId = new Map<string | symbol, RawRow>();
  const response = await readList(client, endpoint, params, {
    onPage(rows) {
      for (const row of rows) {
        const key = row.id ?? Symbol("no id");
        const before = byId.get(key);
        byId.set(key, before ? newerOf(before, row) : row);
      }
    },
    onRestart: () => byId.clear(),
  });
  if (!response.ok) return response;
  const { stream } = ENDPOINTS[endpoint];
  const data = Array.from(
    byId.values(),
    (row) => readWire(stream, row.value).wire as WireAt<E>,
  );
  return { ok: true, data };
}
