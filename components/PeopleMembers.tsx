import { Badge } from "./Badge.tsx";
import { Button } from "./Button.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { roleName } from "./people_words.ts";

/** Somebody with a role in the workspace. */
export interface Member {
  id: string;
  name: string;
  email: string;
  role: string;
  /** Whether the reader may take the role away. */
  removable: boolean;
}

export interface PeopleMembersProps {
  members: readonly Member[];
  /** Where the forms go: `do` is "remove", `id` the member's. */
  action: string;
}

/** The people of a workspace, each who may be removed with a button. */
export function PeopleMembers({ members, action }: PeopleMembersProps) {
  if (members.length === 0) {
    return (
      <EmptyState title="Nobody has been invited yet.">
        Invite the first one below.
      </EmptyState>
    );
  }
  return (
    <ul>
      {members.map(({ id, name, email, role, removable }) => (
        <li
          key={id}
          class="flex flex-wrap items-center justify-between gap-x-4 gap-y-3 py-2 border-b border-line last:border-b-0"
        >
          <div class="min-w-0">
            <p class="flex flex-wrap items-center gap-2 font-semibold">
              <span class="break-words min-w-0">{name}</span>
              <Badge tone={role === "tenant_viewer" ? "plain" : "accent"}>
                {roleName(role)}
              </Badge>
            </p>
            <p class="text-small text-ink-3 break-words">{email}</p>
          </div>
          {removable && (
            <form method="post" action={action}>
              <input type="hidden" name="do" value="remove" />
              <input type="hidden" name="id" value={id} />
              <Button>
                Remove<span class="sr-only">&nbsp;{name}</span>
              </Button>
            </form>
          )}
        </li>
      ))}
    </ul>
  );
}
