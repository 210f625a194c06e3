import { formatDateTime } from "../lib/domain/mod.ts";
import { Button } from "./Button.tsx";
import { EmptyState } from "./EmptyState.tsx";

export interface PasskeyRow {
  id: string;
  name: string;
  /** Both ISO 8601 UTC. */
  createdAt: string;
  lastUsedAt: string | null;
}

/** The user's passkeys, each with a button that removes it. */
export function PasskeyList(
  { passkeys, timezone, action }: {
    passkeys: readonly PasskeyRow[];
    timezone: string;
    action: string;
  },
) {
  if (passkeys.length === 0) {
    return (
      <EmptyState title="You have no passkey yet">
        With one you sign in by your fingerprint, face or PIN, without the
        password.
      </EmptyState>
    );
  }
  return (
    <ul>
      {passkeys.map(({ id, name, createdAt, lastUsedAt }) => (
        <li
          key={id}
          class="flex flex-wrap items-center justify-between gap-x-4 gap-y-3 py-2 border-b border-line last:border-b-0"
        >
          <div class="min-w-0">
            <p class="font-semibold break-words">{name}</p>
            <p class="text-small text-ink-3">
              Added {formatDateTime(createdAt, timezone)} · {lastUsedAt
                ? `last used ${formatDateTime(lastUsedAt, timezone)}`
                : "never used"}
            </p>
          </div>
          <form method="post" action={action}>
            <input type="hidden" name="do" value="remove" />
            <input type="hidden" name="id" value={id} />
            <Button>
              Remove<span class="sr-only">&nbsp;{name}</span>
            </Button>
          </form>
        </li>
      ))}
    </ul>
  );
}
