import { INPUT } from "./Field.tsx";

export interface PeopleSelectProps {
  label: string;
  name: string;
  options: ReadonlyArray<{ value: string; text: string }>;
  value?: string;
  /** What is wrong with the choice, without its period. */
  problem?: string | undefined;
}

/** A labelled choice in a form. */
export function PeopleSelect(
  { label, name, options, value, problem }: PeopleSelectProps,
) {
  const problemId = `${name}-problem`;
  return (
    <div class="grid gap-1 min-w-0">
      <label class="grid gap-1">
        <span class="text-sm font-semibold">{label}</span>
        <select
          name={name}
          class={INPUT}
          aria-invalid={problem ? "true" : undefined}
          aria-describedby={problem ? problemId : undefined}
        >
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
      {problem && <p id={problemId} class="text-small text-down">{problem}.</p>}
    </div>
  );
}
