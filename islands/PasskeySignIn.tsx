import { startAuthentication } from "@simplewebauthn/browser";
import { useRef, useState } from "preact/hooks";
import { Button } from "../components/Button.tsx";

const FAILED = "No passkey was used. Try again, or use your password.";
const THROTTLED = "Too many sign-ins at the moment. Wait, then try again.";

/** Asks the browser for a passkey and sends what it signed. Without JavaScript the password remains. */
export default function PasskeySignIn({ next }: { next: string | null }) {
  const form = useRef<HTMLFormElement>(null);
  const signed = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const signIn = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const answer = await fetch("/login/passkey-options", {
        method: "POST",
        body: new URLSearchParams(next ? { next } : {}),
      });
      if (answer.status === 429) return setProblem(THROTTLED);
      const optionsJSON = await answer.json();
      const response = await startAuthentication({ optionsJSON });
      signed.current!.value = JSON.stringify(response);
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
      action="/login/passkey"
      class="needs-script grid gap-4 mt-4"
    >
      <input ref={signed} type="hidden" name="response" />
      <Button type="button" onClick={signIn} disabled={busy}>
        Sign in with a passkey
      </Button>
      {problem && <p role="alert" class="text-down">{problem}</p>}
    </form>
  );
}
