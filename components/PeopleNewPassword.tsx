import { Field } from "./Field.tsx";
import { PASSWORD_RULES_ID, PasswordRules } from "./PasswordRules.tsx";

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
  const ids = [describedBy, PASSWORD_RULES_ID].filter(Boolean).join(" ");
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
      <PasswordRules minLength={minLength} maxLength={maxLength} />
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
