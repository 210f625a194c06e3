import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { TEST_PASSWORD } from "./_app.ts";
import { TEST_ACCESS_TOKEN, TEST_SECRET, TEST_WEB_KEY } from "./_sync.ts";
import { CANARY } from "./security/_two_brands.ts";

describe("tests/canary_secrets.txt", () => {
  it("names what the tests keep secret: .ci/run looks for it in all that they print", () => {
    const path = new URL("canary_secrets.txt", import.meta.url);
    const named = Deno.readTextFileSync(path).trim().split("\n");
    expect(named).toEqual([
      TEST_WEB_KEY,
      TEST_ACCESS_TOKEN,
      TEST_PASSWORD,
      TEST_SECRET,
      "Great mood",
      CANARY,
    ]);
  });
});
