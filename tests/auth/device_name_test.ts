import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { shortUserAgent } from "../../lib/auth/mod.ts";

const HEADERS: Record<string, string | null> = {
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0":
    "Firefox on Windows",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15":
    "Safari on Mac",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/137.0 Mobile/15E148 Safari/604.1":
    "Chrome on iPhone",
  "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36":
    "Chrome on Android",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36 Edg/137.0.0.0":
    "Edge on Windows",
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36 OPR/119.0.0.0":
    "Opera on Linux",
  "curl/8.5.0": null,
  "<script>alert(1)</script>": null,
  "": null,
};

describe("shortUserAgent()", () => {
  it("says browser and system in words of its own, never in the header's", () => {
    for (const [header, name] of Object.entries(HEADERS)) {
      expect(shortUserAgent(header)).toBe(name);
    }
    expect(shortUserAgent(null)).toBe(null);
  });

  it("takes no time for a header that was made to take long", () => {
    const before = performance.now();
    expect(shortUserAgent("Version/".repeat(10_000))).toBe(null);
    expect(performance.now() - before).toBeLessThan(200);
  });
});
