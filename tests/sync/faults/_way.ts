import type { SyncDeps } from "../../../lib/sync/mod.ts";

/** A way to ClientTether that a test can break. */
export function breakable() {
  let broken: SyncDeps["fetch"] | null = null;
  return {
    breakWith: (fetch: SyncDeps["fetch"] | null) => {
      broken = fetch;
    },
    fetch: (through: SyncDeps["fetch"]): SyncDeps["fetch"] => (url, init) =>
      (broken ?? through)(url, init),
  };
}
