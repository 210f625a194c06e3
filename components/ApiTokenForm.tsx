import { Button } from "./Button.tsx";
import { Field } from "./Field.tsx";
import { PeopleSelect } from "./PeopleSelect.tsx";

export interface ApiTokenFormProps {
  action: string;
  /** What can be opened. */
  scopes: ReadonlyArray<{ name: string; says: string }>;
  /** What was typed before. */
  values: { name: string; scopes: readonly string[]; days: number };
  /** Whether the page says what was wrong with it. */
  wrong: boolean;
}

const DAYS = [30, 90, 365].map((days) => ({
  value: String(days),
  text: `${days} days`,
}));

/** Asks what a new token is called, what it opens and for how long. */
export function ApiTokenForm(
  { action, scopes, values, wrong }: ApiTokenFormProps,
) {
  return (
    <form method="post" action={action} class="grid gap-4">
      <Field
        label="Name"
        name="name"
        value={values.name}
        autocomplete="off"
        required
        {...wrong ? { describedBy: "people-problem" } : {}}
      />
      <fieldset>
        <legend class="p-0 text-sm font-semibold">It opens</legend>
        <ul class="mt-1">
          {scopes.map(({ name, says }) => (
            <li key={name}>
              <label class="flex items-start gap-2 py-1.5">
                <input
                  type="checkbox"
                  name={`scope-${name}`}
                  value="yes"
                  class="mt-1"
                  checked={values.scopes.includes(name)}
                />
                <span class="min-w-0">
                  <span class="font-semibold">{scopeName(name)}</span>
                  <span class="block text-small text-ink-3">{says}.</span>
                </span>
              </label>
            </li>
          ))}
        </ul>
      </fieldset>
      <PeopleSelect
        label="Good for"
        name="days"
        options={DAYS}
        value={String(values.days)}
      />
      <div>
        <Button primary name="do" value="create">Make the token</Button>
      </div>
    </form>
  );
}

/** "hot-list" as people read it. */
export function scopeName(scope: string): string {
  const words = scope.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
