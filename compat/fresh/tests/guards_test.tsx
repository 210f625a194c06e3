import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { csp, type CSPOptions, csrf, type CsrfOptions } from "fresh";
import { sendTo } from "./_kit.ts";

describe("csp()", () => {
  const policyOf = async (options?: CSPOptions) => {
    const send = sendTo((app) =>
      app.use(csp(options)).get("/text", (ctx) => ctx.text("x"))
        .get("/page", (ctx) => ctx.render(<script>1</script>))
    );
    return { text: await send("/text"), page: await send("/page") };
  };
  const header = "content-security-policy";

  it("S1 the default policy is set on every answer", async () => {
    const { text } = await policyOf();
    expect(text.headers.get(header)?.split("; ")).toEqual([
      "default-src 'self'",
      "script-src 'self' 'unsafe-inline'",
      "style-src 'self' 'unsafe-inline'",
      "font-src 'self'",
      "img-src 'self' data:",
      "media-src 'self' data: blob:",
      "worker-src 'self' blob:",
      "connect-src 'self'",
      "object-src 'none'",
      "base-uri 'self'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "upgrade-insecure-requests",
    ]);
  });

  it("S2 given directives replace or join the default ones", async () => {
    const { text } = await policyOf({
      csp: ["img-src 'self'", "manifest-src 'self'"],
    });
    const directives = text.headers.get(header)?.split("; ") ?? [];
    expect(directives).toContain("img-src 'self'");
    expect(directives).toContain("manifest-src 'self'");
    expect(directives).not.toContain("img-src 'self' data:");
  });

  it("S2 a policy for reports has another header and an endpoint", async () => {
    const { text } = await policyOf({ reportOnly: true, reportTo: "/csp" });
    expect(text.headers.get(header)).toBe(null);
    expect(text.headers.get(`${header}-report-only`)).toContain(
      "report-to csp-endpoint; report-uri /csp",
    );
    expect(text.headers.get("reporting-endpoints")).toBe('csp-endpoint="/csp"');
  });

  it("S3 a page's policy has its nonce, another answer's has not", async () => {
    const { text, page } = await policyOf({ useNonce: true });
    expect(text.headers.get(header)).toContain(
      "script-src 'self' 'unsafe-inline'",
    );
    const nonce = /nonce="(\w+)"/.exec(await page.text())?.[1];
    const policy = page.headers.get(header);
    expect(policy).toContain(`script-src 'self' 'nonce-${nonce}'`);
    expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
    expect(policy).not.toContain("unsafe-inline");
  });

  it("S3 each render has a nonce of its own", async () => {
    const send = sendTo((app) =>
      app.get("/", (ctx) => ctx.render(<script>1</script>))
    );
    const [a, b] = [await send("/"), await send("/")];
    expect(await a.text()).not.toBe(await b.text());
  });
});

describe("csrf()", () => {
  const statusOf = async (
    method: string,
    headers: Record<string, string>,
    options?: CsrfOptions,
  ) => {
    const send = sendTo((app) =>
      app.use(csrf(options)).all("/", (ctx) => ctx.text("x"))
    );
    return (await send("/", { method, headers })).status;
  };
  const own = "http://localhost";
  const other = "https://example.com";

  it("S8 safe verbs pass", async () => {
    for (const method of ["GET", "HEAD", "OPTIONS"]) {
      const headers = { origin: other, "sec-fetch-site": "cross-site" };
      expect(await statusOf(method, headers)).toBe(200);
    }
  });

  it("S8 a write passes from here, or from an allowed origin", async () => {
    const cases: [headers: Record<string, string>, status: number][] = [
      [{}, 200],
      [{ origin: own }, 200],
      [{ origin: other }, 403],
      [{ origin: "null" }, 403],
      [{ "sec-fetch-site": "same-origin" }, 200],
      [{ "sec-fetch-site": "none" }, 200],
      [{ "sec-fetch-site": "cross-site" }, 403],
      [{ "sec-fetch-site": "cross-site", origin: own }, 200],
      [{ "sec-fetch-site": "same-site", origin: "http://a.localhost" }, 403],
    ];
    for (const [headers, status] of cases) {
      expect(await statusOf("POST", headers)).toBe(status);
    }
  });

  it("S8 allowed origins are text, a list or a function", async () => {
    const headers = { origin: other };
    for (
      const origin of [other, [own, other], (from: string) => from === other]
    ) {
      expect(await statusOf("POST", headers, { origin })).toBe(200);
      expect(
        await statusOf("POST", { origin: "https://no.example" }, {
          origin,
        }),
      ).toBe(403);
    }
  });
});
