import type { RunWatchView } from "./run_watch.ts";
import { cx } from "./cx.ts";

export interface AdminRunProgressProps {
  view: Pick<RunWatchView, "says" | "streams">;
}

const CELL = cx("py-2 px-3 text-left");

/** How far a sync has come: a sentence, and each stream with what it has so far. */
export function AdminRunProgress({ view }: AdminRunProgressProps) {
  const { says, streams } = view;
  return (
    <>
      <p role="status" class="rounded-control bg-sunken px-4 py-2">{says}.</p>
      {streams.length > 0 && (
        <table class="mt-4 w-full max-w-prose">
          <caption class="sr-only">Progress of the sync</caption>
          <thead>
            <tr class="border-b border-line text-xs text-ink-3">
              {["Stream", "Now", "Records"].map((head) => (
                <th key={head} scope="col" class={CELL}>{head}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {streams.map(({ name, state, records }) => (
              <tr key={name} class="border-b border-line last:border-b-0">
                <th scope="row" class={cx(CELL, "font-semibold")}>{name}</th>
                <td
                  class={cx(
                    CELL,
                    state === "Waiting"
                      ? "text-ink-3"
                      : state === "Done"
                      ? "text-ink-2"
                      : "text-accent font-semibold",
                  )}
                >
                  {state}
                </td>
                <td class={CELL}>{records}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
