import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { asset } from "fresh/runtime";

describe("asset()", () => {
  it("T11 keys paths of this host and leaves all else alone", () => {
    expect(asset("/a.txt")).toMatch(/^\/a\.txt\?__frsh_c=\w+$/);
    expect(asset("/a b?x=1#y")).toMatch(/^\/a%20b\?x=1&__frsh_c=\w+#y$/);
    const others = [
      "a.txt",
      "//host/a.txt",
      "https://host/a.txt",
      "/\\host/a.txt",
      "/\\[",
      "/a.txt?__frsh_c=other",
    ];
    for (const path of others) expect(asset(path)).toBe(path);
  });
});
