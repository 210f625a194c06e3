import { formatDateTime } from "../lib/domain/mod.ts";
import { EmptyState } from "./EmptyState.tsx";
import { PasswordForm } from "./PasswordForm.tsx";

export interface PasskeyRow {
  id: string;
  name: string;
  /** Both ISO 8601 UTC. */
  createdAt: string;
  lastUsedAt: string | null;
}

export interface PasskeyListProps {
  passkeys: readonly PasskeyRow[];
  timezone: string;
  action: string;
  email: string;
  /** What was refused, and of which passkey. */
  refused: { id: string; text: string } | null;
}

/** The user's passkeys, each with a form that removes it for the password. */
export function PasskeyList(
  { passkeys, timezone, action, email, refused }: PasskeyListProps,
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
          <details class="min-w-0" open={refused?.id === id}>
            <summary class="opens inline-flex items-center min-h-target font-semibold hover:text-accent">
              Remove<span class="sr-only">&nbsp;{name}</span>
            </summary>
            <div class="py-2">
              <PasswordForm
                action={action}
                email={email}
                what="remove"
                fields={{ id }}
                error={refused?.id === id ? refused.text : null}
              >
                Remove {name}
              </PasswordForm>
            </div>
          </details>
        </li>
      ))}
    </ul>
  );
}
