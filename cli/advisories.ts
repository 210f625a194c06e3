/**
 * `deno task advisories`: asks the registry for known weaknesses of the locked packages, by `deno audit`. Exit 1 where
 * there are some. A registry that does not answer is said, and is no failure: there is nothing to be known from it.
 *
 * @module
 */
import { note, print } from "./_io.ts";

const UNREACHABLE =
  /error sending request|client error|failed to (fetch|connect)|status (404|405|5\d\d)/i;

const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
  args: ["--quiet", "audit"],
  env: { NO_COLOR: "1" },
  stdout: "piped",
  stderr: "piped",
}).output();
const [said, failed] = [stdout, stderr].map((bytes) =>
  new TextDecoder().decode(bytes).trim()
);
if (said) print(said);
if (code !== 0 && UNREACHABLE.test(failed ?? "")) {
  note(
    "Advisories were not checked: the registry does not answer that question",
  );
} else {
  if (failed) note(failed);
  Deno.exitCode = code === 0 ? 0 : 1;
}
