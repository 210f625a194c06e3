import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { permissionFlags } from "../../cli/_permissions.ts";
import { startEnvironment } from "../../cli/start.ts";
import { readConfig } from "../../lib/web/mod.ts";

describe("permissionFlags()", () => {
  const flagsOf = (env: Record<string, string>) =>
    permissionFlags((name) => env[name], "/srv/portal");

  it("allow the address to listen at, ClientTether, the project, the database's folder, and known variables", () => {
    const flags = flagsOf({ DENO_KV_PATH: "/var/lib/portal/portal.sqlite3" });
    expect(flags.filter((flag) => !flag.startsWith("--allow-env"))).toEqual([
      "--no-prompt",
      "--cached-only",
      "--allow-net=127.0.0.1:8000,api.clienttether.com:443",
      "--allow-read=/srv/portal,/var/lib/portal",
      "--allow-write=/var/lib/portal",
      "--allow-sys=hostname",
    ]);
    expect(flags.find((flag) => flag.startsWith("--allow-env")))
      .toMatch(/^--allow-env=[A-Z_]+(,[A-Z_]+)+$/);
  });

  it("allow each host that the environment names, and no other", () => {
    expect(flagsOf({
      HOST: "::1",
      PORT: "8080",
      DENO_KV_PATH: "https://kv.example.com:4512/db",
      CLIENTTETHER_API_URL: "http://127.0.0.1:9000",
      SMTP_URL: "smtps://portal:secret@mail.example.com",
      MAIL_FROM: "portal@example.com",
      PORTAL_URL: "https://portal.example.com",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
    })).toContain(
      "--allow-net=[::1]:8080,127.0.0.1:9000,kv.example.com:4512,mail.example.com:465,127.0.0.1:4318",
    );
  });

  it("allow no writing where the database is no file", () => {
    const flags = flagsOf({});
    expect(flags.filter((flag) => flag.includes("write"))).toEqual([]);
    expect(flags).toContain("--allow-read=/srv/portal");
  });
});

describe("startEnvironment()", () => {
  it("has telemetry tell no addresses, whatever else is set, and leaves the rest alone", () => {
    const of = (env: Record<string, string>) =>
      startEnvironment((name) => env[name]);
    expect(of({})).toEqual({});
    expect(of({ OTEL_DENO: "false" })).toEqual({});
    const quiet = {
      OTEL_TRACES_SAMPLER: "parentbased_always_off",
      OTEL_PROPAGATORS: "none",
    };
    expect(of({ OTEL_DENO: "true" })).toEqual(quiet);
    expect(of({ OTEL_DENO: "1", OTEL_TRACES_SAMPLER: "always_on" }))
      .toEqual(quiet);
    expect(readConfig((name) => of({ OTEL_DENO: "1" })[name]).tracesAddresses)
      .toBe(false);
    expect(readConfig(() => undefined).tracesAddresses).toBe(true);
  });
});
