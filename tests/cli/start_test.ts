import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { startArguments } from "../../cli/start.ts";
import { createBuilder } from "../../dev/build.ts";
import { bundleServer } from "../../cli/bundle.ts";
import { startSession } from "../../lib/auth/mod.ts";
import { createSimulator } from "../../lib/clienttether/simulator/mod.ts";
import { systemClock } from "../../lib/domain/mod.ts";
import {
  createUser,
  EVERY_TENANT,
  findTenant,
  markSyncDue,
} from "../../lib/store/mod.ts";
import {
  ACCESS_TOKEN,
  addAcme,
  type CliRig,
  createCliRig,
  settings,
  WEB_KEY,
} from "./_rig.ts";
import { installRecords, smallBrand } from "../_data.ts";
import { bare, startBuilt } from "./_started.ts";

// Outside of any test, for what the bundler keeps open.
await createBuilder().build();
const notBundled = await bundleServer();

/** Each loads what the start leaves for later: its page, a chart, the settings of a file, a QR code, a description. */
const OF_EVERY_KIND = [
  ...["/dashboard", "/reports", "/leads", "/pipeline", "/hot-list", "/notes"],
  ...["/schedule", "/changes", "/people", "/leads.csv", "/api/sync/status"],
].map((path) => `${path}?w=acme`).concat(
  ...["/account", "/account/second-factor", "/admin/operations"],
  ...["/admin/audit", "/api/openapi.json", "/api/ready", "/styles.css"],
);

describe("deno task start", () => {
  it("runs what the build has put together, else module by module", async () => {
    const env = settings("/nowhere", "https://api.clienttether.com");
    const script = () => startArguments((name) => env[name]).at(-1);
    expect(notBundled).toBe(null);
    expect(script()).toBe("_fresh/start.js");
    const bundled = new URL("../../_fresh/start.js", import.meta.url);
    const aside = new URL("aside.js", bundled);
    await Deno.rename(bundled, aside);
    try {
      expect(script()).toBe("cli/serve.ts");
    } finally {
      await Deno.rename(aside, bundled);
    }
  });

  it("begins without what few requests need, and without the languages of zod", () => {
    const build = new URL("../../_fresh/", import.meta.url);
    const names = Array.from(Deno.readDirSync(build), ({ name }) => name);
    const seen = new Map<string, string>();
    const visit = (name: string) => {
      if (seen.has(name)) return;
      seen.set(name, Deno.readTextFileSync(new URL(name, build)));
      const found = seen.get(name)!.matchAll(/^(?:import|\}).*"\.\/(.*)";$/gm);
      for (const [, next] of found) visit(next!);
    };
    ["start.js", "deploy.js"].forEach(visit);
    names.filter((name) => /^dashboard-.*\.js$/.test(name)).forEach(visit);
    const text = [...seen.values()].join("\n");
    const has = (path: string) => text.includes(`${path}\n`);
    expect(has("/zod/v4/core/core.js")).toBe(true);
    expect([
      ...["/zod/v4/locales/fr.js", "/otpauth.esm.js"],
      ...["/ical-generator/dist/index.mjs", "lib/web/api_schemas.ts"],
    ].filter(has)).toEqual([]);
    expect(text).not.toMatch(/^import .* from "node:/m);
  });

  /** A brand, an admin's session and a simulated ClientTether that listens. */
  async function prepare(rig: CliRig) {
    const simulator = createSimulator({
      seed: 7,
      clock: systemClock,
      brands: [{
        name: "Acme",
        webKey: WEB_KEY,
        accessToken: ACCESS_TOKEN,
        timezone: "America/New_York",
        leads: 12,
      }],
    }).serve();
    await addAcme(rig);
    const session = await rig.inPortal(async ({ store }) => {
      const user = await createUser(store, {
        email: "robin@example.com",
        name: "Robin",
        passwordHash: "",
        membership: { scope: EVERY_TENANT, role: "agency_admin" },
      }, systemClock);
      await markSyncDue(
        store,
        (await findTenant(store, "acme")).id,
        systemClock,
      );
      return await startSession(store, user, systemClock);
    });
    return { simulator, session };
  }

  it("serves and syncs where ClientTether is all that it may reach, and nothing else can be fetched", async () => {
    await using rig = await createCliRig({ portal: { clock: systemClock } });
    const { simulator, session } = await prepare(rig);
    const env = settings(rig.dir, simulator.url);
    try {
      await using portal = await startBuilt(env);
      const ask = (path: string, init: RequestInit = {}) =>
        fetch(portal.url + path, {
          ...init,
          redirect: "manual",
          headers: { cookie: `session=${session}`, origin: portal.url },
        });
      expect(await (await fetch(`${portal.url}/api/health`)).json())
        .toMatchObject({ ok: true });
      const asked = await ask("/api/sync/trigger?w=acme", { method: "POST" });
      expect([asked.status, await asked.text()])
        .toEqual([202, expect.stringContaining("accepted")]);
      let answer = "";
      for (let n = 0; n < 500 && !/"totalLeads":12\b/.test(answer); n++) {
        answer = await (await ask("/api/dashboard/leads?w=acme")).text();
      }
      expect(answer).toContain('"totalLeads":12');
      for (const path of OF_EVERY_KIND) {
        const page = await ask(path);
        await page.body?.cancel();
        expect([path, page.status]).toEqual([path, 200]);
      }
      expect(await portal.stop()).toBe(0);
    } finally {
      await simulator.shutdown();
    }
  });

  it("exports the same to a platform that serves what it finds there", async () => {
    await using rig = await createCliRig({ portal: { clock: systemClock } });
    const { simulator, session } = await prepare(rig);
    await simulator.shutdown();
    const env = settings(rig.dir, simulator.url);
    await using portal = await startBuilt(env, [
      "-A",
      "tests/cli/_deployed.ts",
    ]);
    for (const path of OF_EVERY_KIND) {
      const page = await fetch(portal.url + path, {
        headers: { cookie: `session=${session}` },
      });
      await page.body?.cancel();
      expect([path, page.status]).toEqual([path, 200]);
    }
    expect(await portal.stop()).toBe(0);
  });

  it("has its first page without what Node has and without formatters of Intl; what needs them loads them", async () => {
    await using rig = await createCliRig({ portal: { clock: systemClock } });
    const { simulator, session } = await prepare(rig);
    await simulator.shutdown();
    await rig.inPortal(async ({ store }) => {
      const tenant = await findTenant(store, "acme");
      await installRecords(store, tenant, smallBrand("acme"), systemClock);
    });
    const env = { ...settings(rig.dir, simulator.url), PORTAL_ROLE: "web" };
    const watched = ["-A", "tests/cli/_watched.ts"];
    const loadedBy = async (ask: (url: string) => Promise<Response>) => {
      await using portal = await startBuilt(env, watched);
      const { body, status } = await ask(portal.url);
      await body?.cancel();
      await portal.stop();
      const names = (await portal.said).matchAll(/^loads (.*)$/gm);
      return [status, ...new Set(Array.from(names, ([, name]) => name))];
    };
    const headers = { cookie: `session=${session}` };
    const asked = (path: string) => (url: string) =>
      fetch(`${url}${path}?w=acme`, { headers });
    expect(await loadedBy(asked("/dashboard"))).toEqual([200]);
    // Its tag is a digest of as many bytes as it has.
    expect(await loadedBy(asked("/api/dashboard/leads")))
      .toEqual([200, "process", "node:crypto"]);
  });

  it("stands red over a remote database that refuses its token or is away, and tells nobody token or address", async () => {
    const token = "rig-kv-token-2342";
    const asked: (string | null)[] = [];
    const refusing = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      (request) => {
        asked.push(request.headers.get("authorization"));
        return new Response("who are you?", { status: 401 });
      },
    );
    const remote = `http://127.0.0.1:${refusing.addr.port}`;
    const env = {
      ...settings("/nowhere", "https://api.clienttether.com"),
      DENO_KV_PATH: remote,
      DENO_KV_ACCESS_TOKEN: token,
    };
    const expectRed = async (says: string) => {
      await using portal = await startBuilt(env);
      const health = await fetch(`${portal.url}/api/health`);
      const { ok, reason } = await health.json();
      expect([health.status, ok, reason])
        .toEqual([503, false, expect.stringContaining(says)]);
      expect(reason).not.toMatch(/rig-kv-token|127\.0\.0\.1|who are you/);
      const page = await fetch(`${portal.url}/login`);
      await page.body?.cancel();
      expect(page.status).toBe(503);
      expect(await portal.stop()).toBe(0);
    };
    try {
      await expectRed(
        "Cannot open the database: it answered 401; set DENO_KV_ACCESS_TOKEN",
      );
      expect(asked).toContain(`Bearer ${token}`);
    } finally {
      await refusing.shutdown();
    }
    await expectRed("Cannot open the database: it cannot be reached: ");
  });

  it("lets no address be fetched but ClientTether's", async () => {
    const answer = { hostname: "127.0.0.1", port: 0, onListen() {} };
    await using own = Deno.serve(answer, () => new Response("yes"));
    await using other = Deno.serve(answer, () => new Response("no"));
    const at = ({ addr }: Deno.HttpServer<Deno.NetAddr>) =>
      `http://127.0.0.1:${addr.port}/`;
    const env = settings("/nowhere", at(own));
    const flags = startArguments((name) => env[name]).slice(0, -1);
    const elsewhere = [at(other), "https://example.com/"];
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...flags,
        "--quiet",
        "--no-check",
        new URL("_elsewhere.ts", import.meta.url).href,
        ...[at(own), ...elsewhere],
      ],
      clearEnv: true,
      env: bare(env),
      stdin: "null",
    }).output();
    expect(JSON.parse(new TextDecoder().decode(stdout))).toEqual({
      [at(own)]: "200",
      ...Object.fromEntries(elsewhere.map((one) => [one, "NotCapable"])),
    });
  });
});

describe("bundleServer()", () => {
  it("leaves a build as it is that cannot be put together, and says why", async () => {
    const build = await Deno.makeTempDir();
    try {
      const deno = join(build, "deno");
      const script = "#!/bin/sh\necho 'no bundler' >&2; exit 1\n";
      await Deno.writeTextFile(deno, script, { mode: 0o700 });
      expect(await bundleServer({ build, deno })).toBe("no bundler");
      const server = "export default 'the server';\n";
      await Deno.writeTextFile(join(build, "server.js"), server);
      expect(
        (await import(pathToFileURL(join(build, "deploy.js")).href)).default,
      )
        .toBe("the server");
      expect(existsSync(join(build, "start.js"))).toBe(false);
    } finally {
      await Deno.remove(build, { recursive: true });
    }
  });
});
