import type { ComponentType } from "preact";
import type { Island, Snapshot } from "./_snapshot.ts";

/** Finds islands by their components: the modules' default exports. */
export function islandRegistry(
  modules: { url: string; module: Record<string, unknown> }[],
): Snapshot["islands"] {
  const islands = new Map<ComponentType<never>, Island>();
  for (const { url, module } of modules) {
    if (typeof module.default !== "function") {
      throw new TypeError(`Cannot use island ${url}: no default component`);
    }
    islands.set(module.default as ComponentType<never>, { url });
  }
  return islands;
}
