import { AdminField } from "./AdminField.tsx";
import { Button } from "./Button.tsx";
import { ROLE_OPTIONS } from "./people_words.ts";
import { PeopleSelect } from "./PeopleSelect.tsx";

export interface PeopleInviteFormProps {
  action: string;
  /** What was typed before. */
  email: string;
  /** Why nobody was invited, without its period. */
  problem: string | null;
  /** The choice of role and brand; without one it is a viewer of the workspace. */
  choice?: {
    tenants: ReadonlyArray<{ slug: string; name: string }>;
    role: string;
    tenant: string;
  };
}

/** Asks whom to invite, and to what. */
export function PeopleInviteForm(
  { action, email, problem, choice }: PeopleInviteFormProps,
) {
  return (
    <form method="post" action={action} class="grid gap-4 max-w-prose">
      <input type="hidden" name="do" value="invite" />
      <AdminField
        label="E-mail address"
        name="email"
        type="email"
        value={email}
        problem={problem ?? undefined}
        alerts
        required
      />
      {choice && (
        <>
          <PeopleSelect
            label="Role"
            name="role"
            options={ROLE_OPTIONS}
            value={choice.role}
          />
          <BrandSelect tenants={choice.tenants} value={choice.tenant} />
        </>
      )}
      <div>
        <Button primary>Invite</Button>
      </div>
    </form>
  );
}

/** The choice of a brand, by its slug. */
export function BrandSelect(
  { tenants, value = "" }: {
    tenants: ReadonlyArray<{ slug: string; name: string }>;
    value?: string;
  },
) {
  return (
    <PeopleSelect
      label="Brand (an agency admin sees every one)"
      name="tenant"
      options={[
        { value: "", text: "–" },
        ...tenants.map(({ slug, name }) => ({ value: slug, text: name })),
      ]}
      value={value}
    />
  );
}
