import { formatDateTime } from "../lib/domain/mod.ts";
import { Button } from "./Button.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { roleName } from "./people_words.ts";

/** An invitation that nobody has accepted yet. */
export interface PendingInvitation {
  id: string;
  email: string;
  role: string;
  /** The brand, where the list is of several. */
  place?: string;
  /** ISO 8601. */
  expiresAt: string;
  /** Whether the reader may withdraw it. */
  revocable: boolean;
}

export interface PeopleInvitationsProps {
  invitations: readonly PendingInvitation[];
  /** IANA zone of the times. */
  timezone: string;
  /** Where the forms go: `do` is "revoke", `id` the invitation's. */
  action: string;
}

/** The invitations that are open, each with a button that ends it. */
export function PeopleInvitations(
  { invitations, timezone, action }: PeopleInvitationsProps,
) {
  if (invitations.length === 0) {
    return <EmptyState title="No invitation is open." />;
  }
  return (
    <ul>
      {invitations.map(({ id, email, role, place, expiresAt, revocable }) => (
        <li
          key={id}
          class="flex flex-wrap items-center justify-between gap-x-4 gap-y-3 py-2 border-b border-line last:border-b-0"
        >
          <div class="min-w-0">
            <p class="font-semibold break-words">{email}</p>
            <p class="text-small text-ink-3">
              {[
                roleName(role),
                place,
                `until ${formatDateTime(expiresAt, timezone)}`,
              ].filter(Boolean).join(" · ")}
            </p>
          </div>
          {revocable && (
            <form method="post" action={action}>
              <input type="hidden" name="do" value="revoke" />
              <input type="hidden" name="id" value={id} />
              <Button>
                Withdraw
                <span class="sr-only">&nbsp;the invitation of {email}</span>
              </Button>
            </form>
          )}
        </li>
      ))}
    </ul>
  );
}
