import { AdminField } from "./AdminField.tsx";
import { Button } from "./Button.tsx";
import { PeopleSelect } from "./PeopleSelect.tsx";

export interface AdminAuditFilterProps {
  tenants: ReadonlyArray<{ slug: string; name: string }>;
  values: {
    tenant?: string | undefined;
    person?: string | undefined;
    action?: string | undefined;
    outcome: string;
    from?: string | undefined;
    to?: string | undefined;
  };
}

/** Narrows the audit log: a GET form, so that the address says what is shown. */
export function AdminAuditFilter({ tenants, values }: AdminAuditFilterProps) {
  return (
    <form
      method="get"
      action="/admin/audit"
      role="search"
      class="grid gap-4 sm:grid-cols-2 lg:grid-cols-3 items-start"
    >
      <PeopleSelect
        label="Brand"
        name="tenant"
        value={values.tenant ?? ""}
        options={[
          { value: "", text: "All" },
          ...tenants.map(({ slug, name }) => ({ value: slug, text: name })),
        ]}
      />
      <AdminField
        label="Person (e-mail address)"
        name="person"
        value={values.person ?? ""}
      />
      <AdminField
        label="Action"
        name="action"
        value={values.action ?? ""}
        hint="Such as tenant.key_changed, or tenant for all about tenants."
      />
      <PeopleSelect
        label="Outcome"
        name="outcome"
        value={values.outcome}
        options={[
          { value: "all", text: "All" },
          { value: "done", text: "Done" },
          { value: "denied", text: "Denied" },
          { value: "failed", text: "Failed" },
        ]}
      />
      <AdminField
        label="From (UTC day)"
        name="from"
        type="date"
        value={values.from ?? ""}
      />
      <AdminField
        label="To (UTC day, included)"
        name="to"
        type="date"
        value={values.to ?? ""}
      />
      <div>
        <Button primary>Show</Button>
      </div>
    </form>
  );
}
