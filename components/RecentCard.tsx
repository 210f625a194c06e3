import type { RecentGroup, SinceVisit } from "../lib/domain/mod.ts";
import { Button } from "./Button.tsx";
import { Card } from "./Card.tsx";
import { pageHref } from "./links.ts";
import { countedChanges, sinceSentence } from "./recent_words.ts";
import { RecentItem } from "./RecentItem.tsx";

export interface RecentCardProps {
  groups: readonly RecentGroup[];
  since: SinceVisit;
  workspace: string;
  timezone: string;
  /** Epoch milliseconds. */
  now: number;
}

/** Named of each kind; the rest is a link. */
const NAMED = 3;

/** What came since the reader was here last. */
export function RecentCard(props: RecentCardProps) {
  const { since, workspace, timezone, now } = props;
  const groups = props.groups.filter(({ count }) => count > 0);
  return (
    <div class="mt-4">
      <Card
        title="What changed"
        says={sinceSentence(since, now, timezone)}
        aside={groups.length > 0 && (
          <MarkAllSeen workspace={workspace} until={since.until} />
        )}
        id="changes"
      >
        {groups.length === 0
          ? <p class="text-ink-2">Nothing new since then.</p>
          : (
            <ul class="grid gap-x-8 gap-y-4 sm:grid-cols-2 lg:grid-cols-3">
              {groups.map((group) => (
                <Group
                  key={group.kind}
                  group={group}
                  workspace={workspace}
                  timezone={timezone}
                />
              ))}
            </ul>
          )}
      </Card>
    </div>
  );
}

function Group(
  { group: { kind, count, newest }, workspace, timezone }:
    & Pick<RecentCardProps, "workspace" | "timezone">
    & { group: RecentGroup },
) {
  const href = pageHref("/changes", workspace, { kind });
  const named = newest.slice(0, NAMED);
  return (
    <li class="min-w-0">
      <a class="link font-semibold inline-block py-1" href={href}>
        {countedChanges(kind, count)}
      </a>
      <ul class="text-small">
        {named.map((change) => (
          <li key={change.id} class="py-1 truncate">
            <RecentItem
              change={change}
              workspace={workspace}
              timezone={timezone}
              list={pageHref("/dashboard", workspace)}
            />
          </li>
        ))}
        {count > named.length && (
          <li class="py-1">
            <a
              class="link inline-block py-1 -my-1"
              href={href}
            >
              and {count - named.length} more{" "}
              <span class="sr-only">of {countedChanges(kind, count)}</span>
            </a>
          </li>
        )}
      </ul>
    </li>
  );
}

/** Says that all that is shown is known: the next visit tells only of what comes later. */
export function MarkAllSeen(
  { workspace, until }: { workspace: string; until: string },
) {
  return (
    <form
      method="post"
      action={pageHref("/changes", workspace)}
      class="no-print flex-none"
    >
      <input type="hidden" name="seen" value={until} />
      <Button>Mark all as seen</Button>
    </form>
  );
}
