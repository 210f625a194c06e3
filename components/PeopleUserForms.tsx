import { Badge } from "./Badge.tsx";
import { Button } from "./Button.tsx";
import { Card } from "./Card.tsx";
import { Field } from "./Field.tsx";
import { ROLE_OPTIONS } from "./people_words.ts";
import { BrandSelect } from "./PeopleInviteForm.tsx";
import { PeopleRoles, type UserRole } from "./PeopleRoles.tsx";
import { PeopleSelect } from "./PeopleSelect.tsx";

export interface PeopleUserFormsProps {
  user: { name: string; email: string; status: "active" | "disabled" };
  roles: readonly UserRole[];
  tenants: ReadonlyArray<{ slug: string; name: string }>;
  /** How many sessions of the user are good. */
  sessions: number;
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

function AccountCard({ user, sessions, action }: PeopleUserFormsProps) {
  const active = user.status === "active";
  return (
    <Card
      title="Account"
      says={active ? placesText(sessions) : "Nobody can sign in with it."}
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
              <Button name="do" value="end-sessions">
                Sign out everywhere
              </Button>
              <Button name="do" value="disable">Disable</Button>
            </>
          )
          : <Button name="do" value="enable">Enable</Button>}
      </form>
    </Card>
  );
}

function placesText(sessions: number): string {
  if (sessions === 0) return "Signed in nowhere at the moment.";
  const places = sessions === 1 ? "1 place" : `${sessions} places`;
  return `Signed in at ${places} at the moment.`;
}
