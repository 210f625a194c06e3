import { createHash } from "node:crypto";

/** Names one version of the app in the addresses of its assets. */
export let BUILD_ID: string = newBuildId();

/** A server runs under the id of the build that it serves. */
export function setBuildId(id: string): void {
  BUILD_ID = id;
}

function newBuildId(): string {
  const version = Deno.env.get("DENO_DEPLOYMENT_ID") ??
    Deno.env.get("GITHUB_SHA") ??
    Deno.env.get("CI_COMMIT_SHA");
  return version === undefined
    ? crypto.getRandomValues(new Uint8Array(20)).toHex()
    : createHash("sha1").update(version).digest("hex");
}
