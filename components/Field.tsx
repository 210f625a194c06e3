import { cx } from "./cx.ts";

export interface FieldProps {
  label: string;
  name: string;
  type?: "text" | "email" | "password" | "search";
  value?: string;
  autocomplete?: string;
  required?: boolean;
  /** Id of the sentence that says what is wrong. */
  describedBy?: string;
}

export const INPUT = cx(
  "w-full min-h-target rounded-control border border-control bg-surface px-3 text-ink",
);

/** A labelled line of text in a form. */
export function Field(
  { label, describedBy, type = "text", ...input }: FieldProps,
) {
  return (
    <label class="grid gap-1">
      <span class="text-sm font-semibold">{label}</span>
      <input
        type={type}
        class={INPUT}
        aria-describedby={describedBy}
        {...input}
      />
    </label>
  );
}
