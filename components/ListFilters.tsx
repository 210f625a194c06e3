import { Button } from "./Button.tsx";
import { INPUT } from "./Field.tsx";
import { HiddenFields } from "./HiddenFields.tsx";
import { clearedHref, formQuery, type ListFrame } from "./list_frame.ts";

/** What can be chosen of a filter, by its key: texts with their names, or texts that a field suggests. */
export interface FilterChoices {
  choices?: ReadonlyArray<{ value: string; label: string }>;
  suggestions?: readonly string[];
}

export interface ListFiltersProps<Row extends { id: string }> {
  frame: ListFrame<Row>;
  choices: Readonly<Record<string, FilterChoices>>;
  /** The period of the page in words, where the list can be narrowed to it. */
  period?: string | undefined;
}

/** Chooses what a list is narrowed to: a GET form in which a filter may have several values. */
export function ListFilters<Row extends { id: string }>(
  { frame, choices, period }: ListFiltersProps<Row>,
) {
  const { list, view } = frame;
  return (
    <form method="get" action="#list" class="grid gap-4">
      <HiddenFields
        query={formQuery(frame, { filters: {}, created: undefined })}
      />
      <div class="grid gap-4 md:grid-cols-2">
        {list.filters.map(({ key, label, match }) => {
          const chosen = view.filters[key] ?? [];
          return match === "contains"
            ? (
              <PartOf
                key={key}
                name={key}
                label={label}
                chosen={chosen}
                suggestions={choices[key]?.suggestions ?? []}
              />
            )
            : (
              <OneOf
                key={key}
                name={key}
                label={label}
                chosen={chosen}
                choices={choices[key]?.choices ?? []}
              />
            );
        })}
        {period !== undefined && (
          <fieldset class="min-w-0">
            <legend class="p-0 text-small font-semibold">Created</legend>
            <Choice
              name="created"
              value="period"
              label={period}
              checked={view.created === "period"}
            />
          </fieldset>
        )}
      </div>
      <div class="flex flex-wrap items-center gap-4">
        <Button primary>Apply filters</Button>
        <a class="link py-1 text-small" href={clearedHref(frame)}>
          Clear filters
        </a>
      </div>
    </form>
  );
}

interface OneOfProps {
  name: string;
  label: string;
  chosen: readonly string[];
  choices: ReadonlyArray<{ value: string; label: string }>;
}

function OneOf({ name, label, chosen, choices }: OneOfProps) {
  const unlisted = chosen
    .filter((value) => !choices.some((choice) => choice.value === value))
    .map((value) => ({ value, label: value }));
  return (
    <fieldset class="min-w-0">
      <legend class="p-0 text-small font-semibold">{label}</legend>
      <div class="max-h-[12rem] overflow-y-auto">
        {[...choices, ...unlisted].map(({ value, label }) => (
          <Choice
            key={value}
            name={name}
            value={value}
            label={label}
            checked={chosen.includes(value)}
          />
        ))}
      </div>
    </fieldset>
  );
}

function Choice(
  { name, value, label, checked }: {
    name: string;
    value: string;
    label: string;
    checked: boolean;
  },
) {
  return (
    <label class="flex items-center gap-2 min-h-target md:min-h-[1.75rem] text-small">
      <input
        type="checkbox"
        class="w-4 h-4 flex-none"
        name={name}
        value={value}
        checked={checked}
      />
      <span class="min-w-0">{label}</span>
    </label>
  );
}

/** The values that are chosen, each to be taken away, and a field for another. */
function PartOf(
  { name, label, chosen, suggestions }: {
    name: string;
    label: string;
    chosen: readonly string[];
    suggestions: readonly string[];
  },
) {
  const known = `${name}-known`;
  return (
    <fieldset class="min-w-0">
      <legend class="p-0 text-small font-semibold">{label}</legend>
      {chosen.map((value) => (
        <Choice key={value} name={name} value={value} label={value} checked />
      ))}
      <label class="grid gap-1">
        <span class="text-small text-ink-2">
          {chosen.length > 0 ? "Or contains" : "Contains"}
        </span>
        <input
          type="text"
          name={name}
          class={INPUT}
          maxLength={200}
          list={suggestions.length > 0 ? known : undefined}
        />
      </label>
      {suggestions.length > 0 && (
        <datalist id={known}>
          {suggestions.map((text) => <option key={text} value={text} />)}
        </datalist>
      )}
    </fieldset>
  );
}
