import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { createTestApp } from "../_app.ts";
import { clientAddress } from "../../lib/web/mod.ts";

/** What the portal takes for the address of a request. */
async function addressOf(
  peer: string,
  forwarded: string | null = null,
  trustProxy = false,
): Promise<string | null> {
  let seen: string | null = null;
  const app = await createTestApp({
    services: { trustProxy },
    extend: (app) =>
      app.get("/address", (ctx) => {
        seen = clientAddress(ctx);
        return new Response("ok");
      }),
  });
  const headers: HeadersInit = forwarded === null
    ? {}
    : { "x-forwarded-for": forwarded };
  await (await app.fetch("/address", { headers }, peer)).body?.cancel();
  app.close();
  return seen;
}

describe("clientAddress()", () => {
  it("is the other end of the connection", async () => {
    expect(await addressOf("192.0.2.7")).toBe("192.0.2.7");
    expect(await addressOf("::ffff:192.0.2.7")).toBe("192.0.2.7");
  });

  it("believes no X-Forwarded-For without a proxy", async () => {
    expect(await addressOf("192.0.2.7", "198.51.100.1")).toBe("192.0.2.7");
  });

  it("believes the entry of the proxy, the last one, and none before it", async () => {
    const last = await addressOf("10.0.0.1", "203.0.113.9, 198.51.100.1", true);
    expect(last).toBe("198.51.100.1");
  });

  it("is the proxy's where the proxy says nothing that is an address", async () => {
    for (const forwarded of [null, "", "unknown", "198.51.100.1, _hidden"]) {
      expect(await addressOf("10.0.0.1", forwarded, true)).toBe("10.0.0.1");
    }
  });

  it("is one for all addresses of an IPv6 network, however they are spelt", async () => {
    for (
      const address of [
        "2001:db8:0:7::1",
        "2001:0DB8:0000:0007:ffff:1:2:3",
        "[2001:db8:0:7::]",
        "2001:db8:0:7::192.0.2.1",
        "2001:db8:0:7::1%eth0",
      ]
    ) expect(await addressOf(address)).toBe("2001:db8:0:7::/64");
    expect(await addressOf("2001:db8:0:8::1")).toBe("2001:db8:0:8::/64");
    expect(await addressOf("::1")).toBe("0:0:0:0::/64");
  });

  it("takes any text in the header without failing", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string().map((text) => text.replaceAll(/[^\x20-\x7e]/g, "?")),
        async (text) => {
          expect(await addressOf("192.0.2.7", text, true)).not.toBe("");
        },
      ),
      { numRuns: 30 },
    );
  });
});
