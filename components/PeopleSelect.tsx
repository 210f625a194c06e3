import { INPUT } from "./Field.tsx";

export interface PeopleSelectProps {
  label: string;
  name: string;
  options: ReadonlyArray<{ value: string; text: string }>;
  value?: string;
}

/** A labelled choice in a form. */
export function PeopleSelect(
  { label, name, options, value }: PeopleSelectProps,
) {
  return (
    <label class="grid gap-1 min-w-0">
      <span class="text-sm font-semibold">{label}</span>
      <select name={name} class={INPUT}>
        {options.map((option) => (
          <option
            key={option.value}
            value={option.value}
            selected={option.value === value}
          >
            {option.text}
          </option>
        ))}
      </select>
    </label>
  );
}
