import { Field } from "./Field.tsx";

export interface PeopleNewPasswordProps {
  minLength: number;
  maxLength: number;
  /** Id of the sentence that says what is wrong with it. */
  describedBy?: string | undefined;
}

/** Asks twice for a new password, as `password` and `again`. What was typed is never shown again. */
export function PeopleNewPassword(
  { minLength, maxLength, describedBy }: PeopleNewPasswordProps,
) {
  const ids = [describedBy, "password-rules"].filter(Boolean).join(" ");
  return (
    <>
      <Field
        label="Password"
        name="password"
        type="password"
        autocomplete="new-password"
        required
        describedBy={ids}
      />
      <p id="password-rules" class="text-small text-ink-3">
        {minLength} to {maxLength}{" "}
        characters of any kind. Not one that many people use, and not your
        e-mail address.
      </p>
      <Field
        label="Password again"
        name="again"
        type="password"
        autocomplete="new-password"
        required
        {...describedBy ? { describedBy } : {}}
      />
    </>
  );
}
