import { AdminField } from "./AdminField.tsx";
import { Button } from "./Button.tsx";
import { Card } from "./Card.tsx";
import { PeopleSelect } from "./PeopleSelect.tsx";

/** The fields of the form by their names: what they hold, or what is wrong with them. */
type Texts = Readonly<Partial<Record<string, string>>>;

export interface AdminTenantFormProps {
  action: string;
  values: Texts;
  problems: Texts;
  /** Names of IANA zones. */
  zones: readonly string[];
  /** What is stored of the keys: the web key's last four characters, and whether there is a token. */
  keys: { webKeyLast4: string | null; hasToken: boolean };
  /** Stages that the brand's sales cycle is known to have, in CRM order; empty before the first sync. */
  stages?: readonly string[];
  /** A brand that is yet to be made. */
  isNew?: boolean;
}

/** Everything of a brand that the agency sets. Keys go in and never come out. */
export function AdminTenantForm(props: AdminTenantFormProps) {
  const { action, zones } = props;
  return (
    <form method="post" action={action} class="grid gap-4">
      <div class="grid gap-4 lg:grid-cols-2 items-start">
        <div class="grid gap-4 min-w-0">
          <BrandCard {...props} />
          <KeysCard {...props} />
        </div>
        <div class="grid gap-4 min-w-0">
          <BoundariesCard {...props} />
          <AliasesCard {...props} />
        </div>
      </div>
      <datalist id="zones">
        {zones.map((zone) => <option key={zone} value={zone} />)}
      </datalist>
      <div class="flex flex-wrap gap-2">
        <Button primary name="do" value="save">
          {props.isNew ? "Add the brand" : "Save"}
        </Button>
        <Button name="do" value="test" formNoValidate>Test connection</Button>
      </div>
    </form>
  );
}

/** What a field shows, by its name. */
function field({ values, problems }: AdminTenantFormProps, name: string) {
  return { name, value: values[name] ?? "", problem: problems[name] };
}

function BrandCard(props: AdminTenantFormProps) {
  return (
    <Card title="Brand">
      <div class="grid gap-4">
        <AdminField label="Name" required {...field(props, "name")} />
        <AdminField
          label="Slug"
          hint={props.isNew
            ? "Names the brand in addresses. Left blank, it is made of the name."
            : "Names the brand in addresses. Links with the old one stop working."}
          {...field(props, "slug")}
        />
        <AdminField
          label="Time zone"
          hint="Days and weeks begin by its clocks."
          list="zones"
          required
          {...field(props, "timezone")}
        />
        <AdminField
          label="Currency"
          hint="ISO 4217, such as USD."
          required
          {...field(props, "currency")}
        />
        <AdminField
          label="Accent colour"
          hint="Such as #0f6b5c; blank for the portal's own."
          {...field(props, "accent")}
        />
      </div>
    </Card>
  );
}

function KeysCard(props: AdminTenantFormProps) {
  const { keys: { webKeyLast4, hasToken }, problems } = props;
  return (
    <Card
      title="ClientTether"
      says="Keys are stored encrypted and never shown again."
    >
      <div class="grid gap-4">
        <AdminField
          label="Web key"
          name="webKey"
          type="password"
          problem={problems.webKey}
          hint={webKeyLast4 === null
            ? "No key is saved. Without one nothing is synced."
            : `A key ending in ${webKeyLast4} is saved. Blank leaves it as it is.`}
        />
        <AdminField
          label="Access token"
          name="accessToken"
          type="password"
          problem={problems.accessToken}
          hint={hasToken
            ? "A token is saved. Blank leaves it as it is."
            : "No token is saved: the agency's own is used, if there is one."}
        />
        {hasToken && (
          <label class="flex items-center gap-2 min-h-target">
            <input type="checkbox" name="removeToken" value="yes" />
            Forget the saved token
          </label>
        )}
      </div>
    </Card>
  );
}

const BOUNDARIES = [
  { label: "Qualified from", name: "qualifiedFrom" },
  { label: "Qualified to", name: "qualifiedTo" },
  { label: "Hot list from", name: "hotFrom" },
  { label: "Hot list to", name: "hotTo" },
] as const;

function BoundariesCard(props: AdminTenantFormProps) {
  const { stages = [] } = props;
  return (
    <Card
      title="Stages"
      says={stages.length > 0
        ? "The stages of this brand's sales cycle, in its order; both ends belong. A change shows with the next sync."
        : "Names of stages as ClientTether has them; both ends belong. After the first sync they can be chosen from a list."}
    >
      <div class="grid gap-4 sm:grid-cols-2">
        {BOUNDARIES.map(({ label, name }) => (
          <BoundaryField
            key={name}
            label={label}
            stages={stages}
            {...field(props, name)}
          />
        ))}
      </div>
    </Card>
  );
}

/** A choice where the stages are known, else a line of text. A name that they lack stays, and says so. */
function BoundaryField(
  { label, name, value, problem, stages }: {
    label: string;
    name: string;
    value: string;
    problem: string | undefined;
    stages: readonly string[];
  },
) {
  if (stages.length === 0) {
    return <AdminField required {...{ label, name, value, problem }} />;
  }
  const options = stages.map((stage) => ({ value: stage, text: stage }));
  const isKnown = stages.includes(value);
  if (!isKnown && value !== "") {
    options.unshift({ value, text: `${value} (not in the sales cycle)` });
  }
  return (
    <PeopleSelect
      label={label}
      name={name}
      value={value}
      options={options}
      problem={problem ?? (isKnown
        ? undefined
        : "ClientTether has no active stage of this name: the figures that need it are unknown")}
    />
  );
}

function AliasesCard(props: AdminTenantFormProps) {
  return (
    <Card
      title="Field names"
      says="Names that ClientTether has for these in this account, tried before the usual ones. Commas between."
    >
      <div class="grid gap-4">
        <AdminField
          label="Fields of the market"
          {...field(props, "marketFields")}
        />
        <AdminField
          label="Fields of the units"
          {...field(props, "unitsFields")}
        />
      </div>
    </Card>
  );
}
