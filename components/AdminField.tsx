import { INPUT } from "./Field.tsx";

export interface AdminFieldProps {
  label: string;
  name: string;
  value?: string;
  type?: "text" | "email" | "date" | "password";
  /** A sentence below that says what belongs here. */
  hint?: string | undefined;
  /** What is wrong with what was typed. */
  problem?: string | undefined;
  /** Says the problem aloud: where nothing else on the page does. */
  alerts?: boolean;
  /** Id of a datalist. */
  list?: string;
  required?: boolean;
}

/** A labelled line of text with a hint, and a sentence where it was refused. */
export function AdminField(
  { label, name, hint, problem, alerts, type = "text", required, ...input }:
    AdminFieldProps,
) {
  const hintId = `${name}-hint`;
  const problemId = `${name}-problem`;
  const described = [problem && problemId, hint && hintId].filter(Boolean);
  return (
    <div class="grid gap-1 min-w-0">
      <label class="text-sm font-semibold" for={name}>{label}</label>
      <input
        id={name}
        name={name}
        type={type}
        class={INPUT}
        required={required}
        autocomplete={type === "password" ? "new-password" : "off"}
        spellcheck={false}
        aria-invalid={problem ? "true" : undefined}
        aria-describedby={described.length > 0
          ? described.join(" ")
          : undefined}
        {...input}
      />
      {problem && (
        <p
          id={problemId}
          class="text-small text-down"
          role={alerts ? "alert" : undefined}
        >
          {problem}.
        </p>
      )}
      {hint && <p id={hintId} class="text-small text-ink-3">{hint}</p>}
    </div>
  );
}
