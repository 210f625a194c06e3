import { Button } from "./Button.tsx";
import { Field } from "./Field.tsx";
import { PASSWORD_RULES_ID, PasswordRules } from "./PasswordRules.tsx";

export type PasswordField = "current" | "next" | "again";

export interface AccountPasswordFormProps {
  /** Tells a password manager whose password it is. */
  email: string;
  action: string;
  minLength: number;
  maxLength: number;
  /** Why the last try was refused, and which field it is about; null for none in particular. */
  refusal: { field: PasswordField | null; problem: string } | null;
}

/** Asks for the current password and twice for the new one. What was typed is never shown again. */
export function AccountPasswordForm(
  { email, action, minLength, maxLength, refusal }: AccountPasswordFormProps,
) {
  const describe = (field: PasswordField, hint?: string) => {
    const error = refusal?.field === field && "password-error";
    const ids = [error, hint].filter(Boolean).join(" ");
    return ids ? { describedBy: ids } : {};
  };
  return (
    <form method="post" action={action} class="grid gap-4">
      {refusal && (
        <p id="password-error" role="alert" class="text-down">
          {refusal.problem}.
        </p>
      )}
      <input
        type="hidden"
        name="username"
        value={email}
        autocomplete="username"
      />
      <Field
        label="Current password"
        name="current"
        type="password"
        autocomplete="current-password"
        required
        {...describe("current")}
      />
      <Field
        label="New password"
        name="next"
        type="password"
        autocomplete="new-password"
        required
        {...describe("next", PASSWORD_RULES_ID)}
      />
      <PasswordRules minLength={minLength} maxLength={maxLength} />
      <Field
        label="New password again"
        name="again"
        type="password"
        autocomplete="new-password"
        required
        {...describe("again")}
      />
      <Button primary>Change the password</Button>
    </form>
  );
}
