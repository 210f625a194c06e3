import type { Clock } from "../../domain/clock.ts";
import {
  bodyAnswer,
  broken,
  codeBody,
  type CodeStyle,
  envelope,
  json,
  listBody,
  spoiltAnswer,
} from "./_answers.ts";
import { find, type Finding, type Route, route } from "./_api.ts";
import { Brand } from "./_brand.ts";
import { brandHooks, type SimulatedBrand } from "./_hooks.ts";
import { cutPage } from "./_list_faults.ts";
import { RequestLog } from "./_requests.ts";
import { spoilRows } from "./_row_faults.ts";
import { touched } from "./_touch.ts";
import { type Fault, FaultSet } from "./faults.ts";
import type { BrandConfig, Spelling } from "./types.ts";

const HOUR_MS = 3_600_000;

/** What a simulator is made from. */
export interface SimulatorOptions {
  /** The same seed and brands give the same records. */
  seed: number;
  /** Read for the start of the model's time, and for Retry-After dates. */
  clock: Clock;
  /** Each under a web key of its own. */
  brands: readonly BrandConfig[];
  /** Default "documented". */
  spelling?: Spelling;
  /** Start of the model's time in milliseconds since the epoch; default the clock's now. */
  startAt?: number;
  /** How a missing or wrong key is refused; default "CT501" (under HTTP 200). */
  refusal?: "CT501" | "http401";
  /** Default `{ field: "code", underscore: false, onSuccess: false }`. */
  codes?: Partial<CodeStyle>;
}

/** A server that serves the simulated API. */
export interface SimulatorServer {
  /** Its origin, e.g. "http://127.0.0.1:49152", to set as `CLIENTTETHER_API_URL`. */
  url: string;
  /** Ends stalled answers and stops listening: later connections are refused. */
  shutdown(): Promise<void>;
}

/** A fake of the ClientTether API with a life and with faults. */
export interface Simulator {
  /** Answers one request. Rejects with TypeError where the connection is to fail. */
  handler(request: Request): Promise<Response>;
  /** `handler` as a fetch: with refused redirects, unpacked gzip, and a signal. */
  fetch: typeof fetch;
  /** Serves over HTTP; port 0 (any free one) on 127.0.0.1 unless told otherwise. */
  serve(options?: { port?: number; hostname?: string }): SimulatorServer;
  /** Lives on by some hours; records change at whole hours since the start. */
  advance(hours: number): void;
  /** Lives on to an instant in milliseconds; one that is past changes nothing. */
  advanceTo(instant: number): void;
  /** The model's time in milliseconds since the epoch. */
  now(): number;
  /** Reads and edits one brand. Throws RangeError for an unknown web key. */
  brand(webKey: string): SimulatedBrand;
  /** Switches faults on and off. */
  readonly faults: FaultSet;
  /** What has been asked so far. */
  readonly requests: RequestLog;
}

/**
 * Creates a simulator of the ClientTether API.
 *
 * Its records follow from the seed, the brands and the hours lived alone.
 *
 * @throws {RangeError} for two brands with one web key, or a brand that cannot be.
 */
export function createSimulator(options: SimulatorOptions): Simulator {
  return new Simulation(options);
}

class Simulation implements Simulator {
  readonly faults: FaultSet = new FaultSet();
  readonly requests: RequestLog = new RequestLog();
  readonly #clock: Clock;
  readonly #start: number;
  readonly #refusal: "CT501" | "http401";
  readonly #codes: CodeStyle;
  readonly #brands = new Map<string, Brand>();
  #elapsed = 0;

  constructor(options: SimulatorOptions) {
    const { seed, clock, brands, spelling = "documented" } = options;
    this.#clock = clock;
    this.#start = Math.floor((options.startAt ?? clock.now()) / 1000) * 1000;
    this.#refusal = options.refusal ?? "CT501";
    this.#codes = {
      field: "code",
      underscore: false,
      onSuccess: false,
      ...options.codes,
    };
    for (const config of brands) {
      if (this.#brands.has(config.webKey)) {
        throw new RangeError(
          `Cannot create brand '${config.name}': its web key belongs to another brand`,
        );
      }
      const brand = new Brand(config, seed, this.#start / 1000, spelling);
      this.#brands.set(config.webKey, brand);
    }
  }

  now(): number {
    return this.#start + this.#elapsed;
  }

  advance(hours: number): void {
    if (!(hours >= 0)) {
      throw new RangeError(`Cannot advance by ${hours} hours: not a duration`);
    }
    this.advanceTo(this.now() + Math.round(hours * HOUR_MS));
  }

  advanceTo(instant: number): void {
    this.#elapsed = Math.max(this.#elapsed, instant - this.#start);
    for (const brand of this.#brands.values()) {
      brand.liveUntil(this.#start / 1000, Math.floor(this.now() / 1000));
    }
  }

  brand(webKey: string): SimulatedBrand {
    const brand = this.#brands.get(webKey);
    if (brand === undefined) {
      throw new RangeError("Cannot find a brand: no brand has this web key");
    }
    return brandHooks(brand);
  }

  handler = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const asked = route(url.pathname);
    const brand = this.#brands.get(request.headers.get("x-web-key") ?? "");
    this.requests.add(request, url, {
      brand: brand?.config.name ?? null,
      stream: asked?.stream ?? null,
      endpoint: asked?.endpoint ?? url.pathname,
    });
    // A body that is not read would keep the connection busy.
    await request.body?.cancel();
    const token = request.headers.get("x-access-token");
    if (brand === undefined || token !== brand.config.accessToken) {
      return this.#refuse(this.#refusal);
    }
    if (asked === null) return this.#missing("http404");
    if (request.method !== "GET") {
      return json(codeBody("CT400", "Method not allowed", this.#codes), 405);
    }
    return this.#answer(request, url, brand, asked);
  };

  fetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    request.signal.throwIfAborted();
    const response = await this.handler(request);
    request.signal.throwIfAborted();
    const location = response.headers.get("location");
    if (location !== null && request.redirect === "error") {
      throw new TypeError("error following redirect: redirects are refused");
    }
    if (response.headers.get("content-encoding") !== "gzip") return response;
    const headers = new Headers(response.headers);
    headers.delete("content-encoding");
    const body = response.body?.pipeThrough(new DecompressionStream("gzip"));
    return new Response(body ?? null, { status: response.status, headers });
  };

  serve({ port = 0, hostname = "127.0.0.1" } = {}): SimulatorServer {
    const stop = new AbortController();
    const server = Deno.serve(
      { port, hostname, onListen() {}, onError: () => breakOff() },
      async (request) => {
        try {
          // Only a stalled answer waits for a signal, and Deno warns where it is read for no need.
          if (!this.#mayStall()) return await this.handler(request);
          const signal = AbortSignal.any([request.signal, stop.signal]);
          return await this.handler(new Request(request, { signal }));
        } catch {
          return breakOff();
        }
      },
    );
    return {
      url: `http://${hostname}:${server.addr.port}`,
      shutdown: async () => {
        stop.abort(new TypeError("the simulator stopped"));
        await server.shutdown();
      },
    };
  }

  #mayStall(): boolean {
    return this.faults.list().some(({ fault }) => fault.kind === "stall");
  }

  #answer(request: Request, url: URL, brand: Brand, asked: Route): Response {
    const { stream, endpoint } = asked;
    const faults = this.faults.strike({
      brand: brand.config.webKey,
      stream,
      endpoint,
    });
    const spoilt = spoiltAnswer(
      faults,
      this.#clock,
      this.#codes,
      (style) => this.#refuse(style),
    );
    if (spoilt !== null) return spoilt;
    const finding = find(brand, asked, url.searchParams);
    if (finding.kind === "missing") {
      return this.#missing(brand.config.missingStyle ?? "http404");
    }
    const body = this.#body(brand, asked, finding, faults);
    return bodyAnswer(body, faults, request);
  }

  #body(
    brand: Brand,
    { stream }: Route,
    finding: Exclude<Finding, { kind: "missing" }>,
    faults: readonly Fault[],
  ): string {
    switch (finding.kind) {
      case "code":
        return codeBody(finding.code, finding.message, this.#codes);
      case "record": {
        const [text = "null"] = spoilRows([finding.text], 0, stream, faults);
        return envelope(text, null, this.#codes);
      }
      case "list": {
        const page = cutPage(finding.view, finding, faults, {
          emptyStyle: brand.config.emptyStyle ?? "array",
          touch: (text) => touched(text, brand.dialect, brand.world.now),
        });
        page.texts = spoilRows(page.texts, page.first, stream, faults);
        const { totalRecordStyle = "number" } = brand.config;
        return listBody(page, totalRecordStyle, this.#codes);
      }
    }
  }

  #refuse(style: "CT501" | "http401" | "http403"): Response {
    const status = style === "CT501" ? 200 : style === "http401" ? 401 : 403;
    const message = "Access token or web key is missing or not valid";
    return json(codeBody("CT501", message, this.#codes), status);
  }

  #missing(style: "http404" | "CT404"): Response {
    const body = codeBody("CT404", "Not found", this.#codes);
    return json(body, style === "http404" ? 404 : 200);
  }
}

/** A response whose connection breaks before any byte of its body. */
function breakOff(): Response {
  return new Response(broken(new Uint8Array()));
}
