import type { ComponentChildren } from "preact";
import { Button } from "./Button.tsx";
import { Field } from "./Field.tsx";

export interface PasswordFormProps {
  action: string;
  /** Whose password, so that password managers know. */
  email: string;
  /** What is asked for: the value of `do`. */
  what: string;
  error: string | null;
  /** What else the form sends. */
  fields?: Readonly<Record<string, string>>;
  primary?: boolean;
  /** What the button says. */
  children: ComponentChildren;
}

/** A button for something that is done for the password alone, by somebody who is signed in already. */
export function PasswordForm(props: PasswordFormProps) {
  const { action, email, what, error, fields = {}, primary = false } = props;
  const id = `${what}-error`;
  return (
    <form method="post" action={action} class="grid gap-4">
      {error && <p id={id} role="alert" class="text-down">{error}.</p>}
      <input
        type="hidden"
        name="username"
        value={email}
        autocomplete="username"
      />
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Field
        label="Your password"
        name="password"
        type="password"
        autocomplete="current-password"
        required
        {...error ? { describedBy: id } : {}}
      />
      <Button primary={primary} name="do" value={what}>{props.children}</Button>
    </form>
  );
}
