import { CopyField } from "./CopyField.tsx";
import { cx } from "./cx.ts";

export interface ApiTokenMadeProps {
  token: string;
  name: string;
  /** An endpoint that it opens. */
  path: string;
  /** The portal's origin. */
  origin: string;
}

const BOX = cx(
  "mb-4 grid gap-3 max-w-prose rounded-control px-4 py-3 bg-accent-weak",
);

/** A token that was made just now, to be copied: it is shown on this page and never again. */
export function ApiTokenMade(
  { token, name, path, origin }: ApiTokenMadeProps,
) {
  const command = `curl -H "Authorization: Bearer ${token}" ${origin}${path}`;
  return (
    <div role="status" class={BOX}>
      <CopyField label={`The token “${name}”`} value={token} />
      <p class="text-small text-ink-2">
        Copy it now: it is shown this once. Whoever has it reads what it opens,
        so keep it where you keep passwords.
      </p>
      <CopyField label="Try it" value={command} />
    </div>
  );
}
