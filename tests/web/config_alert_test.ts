import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { UsageError } from "../../lib/domain/mod.ts";
import { readConfig } from "../../lib/web/mod.ts";

describe("readConfig(), the webhook of alerts", () => {
  const read = (ALERT_WEBHOOK_URL: string) =>
    readConfig((name) => ({ ALERT_WEBHOOK_URL })[name]);

  it("is none unless it is told, and an https address or one of this machine", () => {
    expect(read("").alertWebhook).toBe(null);
    for (
      const url of [
        "https://hooks.example.com/services/T0/B0/x",
        "http://127.0.0.1:9000/hook",
      ]
    ) expect(read(url).alertWebhook).toBe(url);
  });

  it("is refused otherwise, by a sentence that does not repeat it", () => {
    for (
      const url of [
        "hooks",
        "http://hooks.example.com/secret-part",
        "https://user:secret-part@hooks.example.com/",
        "ftp://hooks.example.com/secret-part",
      ]
    ) {
      let said: unknown;
      try {
        read(url);
      } catch (error) {
        said = error;
      }
      expect(said).toBeInstanceOf(UsageError);
      expect(String(said)).toContain("ALERT_WEBHOOK_URL must be an address");
      expect(String(said)).not.toContain("secret-part");
    }
  });
});
