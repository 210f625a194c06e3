import type { RunStatus } from "../lib/domain/mod.ts";
import { EmptyState } from "./EmptyState.tsx";

/** Stands where figures will be: there is no complete update yet, and what happens next. */
export function NoFigures({ status }: { status: RunStatus | null }) {
  return (
    <EmptyState title="There are no figures yet.">
      {status === "failed"
        ? "The first import has not finished. It is tried again every hour; what held it up stands at the top of the page."
        : "They appear after the first complete update. This page says so as soon as it has arrived."}
    </EmptyState>
  );
}
