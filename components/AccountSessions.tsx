import { formatDateTime } from "../lib/domain/mod.ts";
import { Badge } from "./Badge.tsx";
import { Button } from "./Button.tsx";

/** A place where the user is signed in. */
export interface AccountSession {
  id: string;
  /** Both ISO 8601. */
  createdAt: string;
  seenAt: string;
  /** Such as "Firefox on Windows". */
  userAgent: string | null;
  /** The one that this page is read in. */
  current: boolean;
}

export interface AccountSessionsProps {
  sessions: readonly AccountSession[];
  /** IANA zone of the times. */
  timezone: string;
  /** Where the forms go: `session` is an id, or "others". */
  action: string;
  /** Sent as `do`, where the page has other forms too. */
  does?: string;
  /** The button that ends several at once. */
  endAll?: string;
}

/** Where the user is signed in, each with a button that ends it. */
export function AccountSessions(
  {
    sessions,
    timezone,
    action,
    does,
    endAll = "Sign out everywhere else",
  }: AccountSessionsProps,
) {
  const others = sessions.filter(({ current }) => !current);
  return (
    <>
      <ul>
        {sessions.map((session) => (
          <li
            key={session.id}
            class="flex flex-wrap items-center justify-between gap-x-4 gap-y-3 py-2 border-b border-line last:border-b-0"
          >
            <SessionFacts session={session} timezone={timezone} />
            {!session.current && (
              <form method="post" action={action}>
                {does && <input type="hidden" name="do" value={does} />}
                <input type="hidden" name="session" value={session.id} />
                <Button>
                  Sign out
                  <span class="sr-only">
                    &nbsp;{nameOf(session)}, signed in{" "}
                    {formatDateTime(session.createdAt, timezone)}
                  </span>
                </Button>
              </form>
            )}
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <form method="post" action={action} class="mt-4">
          {does && <input type="hidden" name="do" value={does} />}
          <input type="hidden" name="session" value="others" />
          <Button>{endAll}</Button>
        </form>
      )}
    </>
  );
}

function SessionFacts(
  { session, timezone }: { session: AccountSession; timezone: string },
) {
  const { createdAt, seenAt, current } = session;
  return (
    <div class="min-w-0">
      <p class="flex flex-wrap items-center gap-2 font-semibold">
        {nameOf(session)}
        {current && <Badge tone="accent">This one</Badge>}
      </p>
      <p class="text-small text-ink-3">
        Signed in {formatDateTime(createdAt, timezone)} · last used{" "}
        {formatDateTime(seenAt, timezone)}
      </p>
    </div>
  );
}

function nameOf({ userAgent }: AccountSession): string {
  return userAgent ?? "Unknown browser";
}
