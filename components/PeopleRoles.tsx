import { Button } from "./Button.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { roleName } from "./people_words.ts";
import { PeopleSelect } from "./PeopleSelect.tsx";

/** A role that a user has. */
export interface UserRole {
  /** The brand's slug, or "" for every brand. */
  tenant: string;
  /** The brand's name, or what stands for all of them. */
  place: string;
  role: string;
}

export interface PeopleRolesProps {
  roles: readonly UserRole[];
  /** Where the forms go: `do` is "role" or "withdraw", with `tenant` and `role`. */
  action: string;
}

const IN_A_BRAND = ["tenant_viewer", "tenant_admin"].map((value) => ({
  value,
  text: roleName(value),
}));

/** The roles of a user by brand, each to be changed or taken away. */
export function PeopleRoles({ roles, action }: PeopleRolesProps) {
  if (roles.length === 0) {
    return (
      <EmptyState title="No role yet.">
        Without one nothing is open to this person.
      </EmptyState>
    );
  }
  return (
    <ul>
      {roles.map(({ tenant, place, role }) => (
        <li
          key={tenant}
          class="py-2 border-b border-line last:border-b-0"
        >
          <form
            method="post"
            action={action}
            class="flex flex-wrap items-end justify-between gap-x-4 gap-y-3"
          >
            <input type="hidden" name="tenant" value={tenant} />
            {tenant === ""
              ? (
                <p class="min-w-0">
                  <span class="font-semibold">{roleName(role)}</span>
                  <span class="text-small text-ink-3">· {place}</span>
                </p>
              )
              : (
                <PeopleSelect
                  label={place}
                  name="role"
                  options={IN_A_BRAND}
                  value={role}
                />
              )}
            <div class="flex gap-2">
              {tenant !== "" && (
                <RoleButton action="role" place={place}>Change</RoleButton>
              )}
              <RoleButton action="withdraw" place={place}>
                Take away
              </RoleButton>
            </div>
          </form>
        </li>
      ))}
    </ul>
  );
}

function RoleButton(
  { action, place, children }: {
    action: string;
    place: string;
    children: string;
  },
) {
  return (
    <Button name="do" value={action}>
      {children}
      <span class="sr-only">&nbsp;the role in {place}</span>
    </Button>
  );
}
