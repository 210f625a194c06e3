import { Button } from "./Button.tsx";
import { Field } from "./Field.tsx";
import { PeopleNewPassword } from "./PeopleNewPassword.tsx";

export interface AcceptWithNewAccountProps {
  action: string;
  /** The address of the sign-in, which leads back here. */
  signIn: string;
  email: string;
  /** What was typed before; a password is never shown again. */
  name: string;
  /** Why it was refused, without its period. */
  problem: string | null;
  minLength: number;
  maxLength: number;
}

/** Asks the invited person for a name and a password; whoever has an account signs in instead. */
export function AcceptWithNewAccount(
  { action, signIn, email, name, problem, minLength, maxLength }:
    AcceptWithNewAccountProps,
) {
  const describedBy = problem ? { describedBy: "invite-problem" } : {};
  return (
    <>
      <form method="post" action={action} class="grid gap-4">
        {problem && (
          <p id="invite-problem" role="alert" class="text-down">{problem}.</p>
        )}
        <input
          type="hidden"
          name="username"
          value={email}
          autocomplete="username"
        />
        <Field
          label="Your name"
          name="name"
          value={name}
          autocomplete="name"
          required
          {...describedBy}
        />
        <PeopleNewPassword
          minLength={minLength}
          maxLength={maxLength}
          {...describedBy}
        />
        <Button primary>Accept and sign in</Button>
      </form>
      <p class="mt-6 text-ink-2">
        You have an account with this address already?{" "}
        <a class="link" href={signIn}>
          Sign in to accept
        </a>
      </p>
    </>
  );
}

/** Said to somebody who is signed in with another address. */
export function AcceptAsAnother() {
  return (
    <>
      <p role="alert" class="text-down">
        You are signed in with another address. Sign out, then open the link
        again.
      </p>
      <form method="post" action="/logout" class="mt-4">
        <Button>Sign out</Button>
      </form>
    </>
  );
}
