import type { RunStatus } from "../lib/domain/mod.ts";
import { EmptyState } from "./EmptyState.tsx";

/** Stands where figures will be: there is no complete update yet, and what happens next. */
export function NoFigures({ status }: { status: RunStatus | null }) {
  return status === "failed"
    ? (
      <EmptyState title="There are no figures yet.">
        The first import has not finished. It is tried again every hour; what
        held it up stands at the top of the page.
      </EmptyState>
    )
    : (
      <EmptyState title="There are no figures yet.">
        First import is running. Figures appear after its first complete update.
      </EmptyState>
    );
}
