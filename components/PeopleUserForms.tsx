import { formatDateTime } from "../lib/domain/mod.ts";
import { type AccountSession, AccountSessions } from "./AccountSessions.tsx";
import { Badge } from "./Badge.tsx";
import { Button } from "./Button.tsx";
import { Card } from "./Card.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { Field } from "./Field.tsx";
import { ROLE_OPTIONS } from "./people_words.ts";
import { BrandSelect } from "./PeopleInviteForm.tsx";
import { PeopleRoles, type UserRole } from "./PeopleRoles.tsx";
import { PeopleSelect } from "./PeopleSelect.tsx";

export interface PeopleUserFormsProps {
  user: { name: string; email: string; status: "active" | "disabled" };
  roles: readonly UserRole[];
  tenants: ReadonlyArray<{ slug: string; name: string }>;
  /** Where the user is signed in. */
  sessions: readonly AccountSession[];
  /** How the user signs in beside the password; since when in ISO 8601. */
  factors: { secondFactorAt: string | null; passkeys: number };
  /** Where all forms go; `do` says which one it is. */
  action: string;
  /** Whether the page says what was wrong with the form before. */
  wrong: boolean;
}

/** What an agency admin may change of a user: name and address, roles, the account itself. */
export function PeopleUserForms(props: PeopleUserFormsProps) {
  const { roles, tenants, action } = props;
  return (
    <div class="grid gap-4 lg:grid-cols-2 items-start">
      <div class="grid gap-4 min-w-0">
        <PersonCard {...props} />
        <AccountCard {...props} />
        <FactorCard {...props} />
      </div>
      <div class="grid gap-4 min-w-0">
        <Card title="Roles" says="A change is obeyed by the next request.">
          <PeopleRoles roles={roles} action={action} />
        </Card>
        <Card title="Add a role">
          <form method="post" action={action} class="grid gap-4">
            <input type="hidden" name="do" value="role" />
            <PeopleSelect label="Role" name="role" options={ROLE_OPTIONS} />
            <BrandSelect tenants={tenants} />
            <div>
              <Button>Add the role</Button>
            </div>
          </form>
        </Card>
        <SessionsCard {...props} />
      </div>
    </div>
  );
}

function PersonCard({ user, action, wrong }: PeopleUserFormsProps) {
  const describedBy = wrong ? { describedBy: "people-problem" } : {};
  return (
    <Card title="Person">
      <form method="post" action={action} class="grid gap-4">
        <input type="hidden" name="do" value="save" />
        <Field
          label="Name"
          name="name"
          value={user.name}
          autocomplete="off"
          required
          {...describedBy}
        />
        <Field
          label="E-mail address"
          name="email"
          type="email"
          value={user.email}
          autocomplete="off"
          required
          {...describedBy}
        />
        <div>
          <Button primary>Save</Button>
        </div>
      </form>
    </Card>
  );
}

function AccountCard({ user, action }: PeopleUserFormsProps) {
  const active = user.status === "active";
  return (
    <Card
      title="Account"
      says={active
        ? "Who disables it signs the person out everywhere at once; roles are kept. A reset link sets a new password."
        : "Nobody can sign in with it. Its roles are kept."}
      aside={
        <Badge tone={active ? "accent" : "warn"}>
          {active ? "Active" : "Disabled"}
        </Badge>
      }
    >
      <form method="post" action={action} class="flex flex-wrap gap-2">
        {active
          ? (
            <>
              <Button name="do" value="reset-link">Make a reset link</Button>
              <Button name="do" value="disable">Disable</Button>
            </>
          )
          : <Button name="do" value="enable">Enable</Button>}
      </form>
    </Card>
  );
}

function FactorCard({ factors, action }: PeopleUserFormsProps) {
  const { secondFactorAt, passkeys } = factors;
  const hasAny = secondFactorAt !== null || passkeys > 0;
  const facts = [
    secondFactorAt !== null &&
    `A second factor since ${formatDateTime(secondFactorAt, "UTC")} (UTC)`,
    passkeys > 0 && (passkeys === 1 ? "1 passkey" : `${passkeys} passkeys`),
  ].filter(Boolean);
  return (
    <Card
      title="Second factor and passkeys"
      says={hasAny
        ? `${facts.join(", ")}.`
        : "None: the password alone signs this person in."}
    >
      {hasAny && (
        <form method="post" action={action} class="grid gap-2">
          <p class="text-ink-2">
            For somebody who has lost the telephone. Make sure that it is they
            who ask: call back on a number that you know.
          </p>
          <div>
            <Button name="do" value="reset-factor">Take them away</Button>
          </div>
        </form>
      )}
    </Card>
  );
}

function SessionsCard({ sessions, action }: PeopleUserFormsProps) {
  return (
    <Card title="Where this person is signed in" says="Times in UTC.">
      {sessions.length === 0
        ? <EmptyState title="Signed in nowhere at the moment." />
        : (
          <AccountSessions
            sessions={sessions}
            timezone="UTC"
            action={action}
            does="end-session"
            endAll="Sign out everywhere"
          />
        )}
    </Card>
  );
}
