import { INPUT } from "./Field.tsx";
import { cx } from "./cx.ts";

export interface CopyFieldProps {
  label: string;
  value: string;
  id?: string;
}

/** Something to be copied, whole in a field of its own. */
export function CopyField({ label, value, id }: CopyFieldProps) {
  return (
    <label class="grid gap-1">
      <span class="font-semibold">{label}</span>
      <input
        id={id}
        type="text"
        readOnly
        class={cx(INPUT, "font-mono text-small")}
        value={value}
        autocomplete="off"
        spellcheck={false}
      />
    </label>
  );
}
