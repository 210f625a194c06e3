import { cx } from "./cx.ts";
import { INPUT } from "./Field.tsx";

const NOTICE = cx("mb-4 max-w-prose rounded-control px-4 py-2");

export interface PeopleNoticesProps {
  /** What was done, as a sentence. */
  notice: string | null;
  /** Why nothing was done, without its period. */
  problem: string | null;
  /** A one-time link, shown on this page and never again. */
  link?: { href: string; says: string } | null;
}

/** What came of the form before: done, refused, or a link to hand over. */
export function PeopleNotices({ notice, problem, link }: PeopleNoticesProps) {
  return (
    <>
      {notice && (
        <p role="status" class={cx(NOTICE, "bg-accent-weak text-accent")}>
          {notice}
        </p>
      )}
      {problem && (
        <p
          id="people-problem"
          role="alert"
          class={cx(NOTICE, "bg-alarm text-alarm-ink")}
        >
          {problem}.
        </p>
      )}
      {link && (
        <div role="status" class={cx(NOTICE, "bg-accent-weak")}>
          <label class="grid gap-1">
            <span class="font-semibold">{link.says}</span>
            <input
              type="text"
              readOnly
              class={INPUT}
              value={link.href}
              autocomplete="off"
            />
          </label>
          <p class="mt-1 text-small text-ink-2">
            It is shown this once and works once. Hand it over by a way that
            nobody else reads.
          </p>
        </div>
      )}
    </>
  );
}
