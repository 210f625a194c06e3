import { startRegistration } from "@simplewebauthn/browser";
import { useRef, useState } from "preact/hooks";
import { Button } from "../components/Button.tsx";
import { Field } from "../components/Field.tsx";

const FAILED = "No passkey was made. Try again.";

export interface PasskeyAddProps {
  /** Where the forms of the page go, and where the authenticator's task comes from. */
  action: string;
  optionsFrom: string;
  email: string;
}

/** Has the browser make a passkey and sends its public half. */
export default function PasskeyAdd(
  { action, optionsFrom, email }: PasskeyAddProps,
) {
  const form = useRef<HTMLFormElement>(null);
  const made = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const add = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const password = String(new FormData(form.current!).get("password"));
      const answer = await fetch(optionsFrom, {
        method: "POST",
        body: new URLSearchParams({ password }),
      });
      const optionsJSON = await answer.json();
      if (!answer.ok) return setProblem(String(optionsJSON.problem ?? FAILED));
      const response = await startRegistration({ optionsJSON });
      made.current!.value = JSON.stringify(response);
      const field = form.current!.elements.namedItem("password");
      if (field instanceof HTMLInputElement) field.value = "";
      form.current!.submit();
    } catch {
      setProblem(FAILED);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form
      ref={form}
      method="post"
      action={action}
      class="needs-script grid gap-4"
      onSubmit={add}
    >
      {problem && <p role="alert" class="text-down">{problem}</p>}
      <input type="hidden" name="do" value="add" />
      <input ref={made} type="hidden" name="response" />
      <input
        type="hidden"
        name="username"
        value={email}
        autocomplete="username"
      />
      <Field
        label="Name of the passkey"
        name="name"
        autocomplete="off"
        required
      />
      <Field
        label="Your password"
        name="password"
        type="password"
        autocomplete="current-password"
        required
      />
      <Button primary disabled={busy}>Add a passkey</Button>
    </form>
  );
}
