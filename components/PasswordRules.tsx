/** Describes a field for a new password. */
export const PASSWORD_RULES_ID = "password-rules";

export interface PasswordRulesProps {
  minLength: number;
  maxLength: number;
}

/** What a new password has to be like. */
export function PasswordRules({ minLength, maxLength }: PasswordRulesProps) {
  return (
    <p id={PASSWORD_RULES_ID} class="text-small text-ink-3">
      {minLength} to {maxLength}{" "}
      characters of any kind. Not one that many people use, and not your e-mail
      address.
    </p>
  );
}
