/** Fetches each address that it is given and prints what came of it, as JSON. */
const outcomes: Record<string, string> = {};
for (const address of Deno.args) {
  outcomes[address] = await fetch(address).then(
    async (answer) => {
      await answer.body?.cancel();
      return String(answer.status);
    },
    (error: Error) => error.name,
  );
}
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(outcomes)));
