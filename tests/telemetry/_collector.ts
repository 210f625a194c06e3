/** A span as it was received. */
export interface ReceivedSpan {
  name: string;
  spanId: string;
  parentSpanId: string | undefined;
  traceId: string;
  attributes: Record<string, string | number | boolean>;
}

/** A metric as it was received last: its points, each with its attributes. */
export interface ReceivedPoint {
  attributes: ReceivedSpan["attributes"];
  value: number;
}

interface Attribute {
  key: string;
  value: Record<string, string | number | boolean>;
}

interface Point {
  attributes?: Attribute[];
  asInt?: string | number;
  asDouble?: number;
  count?: string | number;
}

interface Body {
  resourceSpans?: {
    scopeSpans: {
      spans: (Omit<ReceivedSpan, "attributes"> & { attributes: Attribute[] })[];
    }[];
  }[];
  resourceMetrics?: {
    scopeMetrics: {
      metrics: {
        name: string;
        sum?: { dataPoints: Point[] };
        gauge?: { dataPoints: Point[] };
        histogram?: { dataPoints: Point[] };
      }[];
    }[];
  }[];
}

/** A receiver of OTLP by HTTP and JSON on this machine. */
export class Collector implements AsyncDisposable {
  /** Everything that came, as it came. */
  readonly bodies: string[] = [];
  readonly #parsed: Body[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    this.#server = Deno.serve({
      hostname: "127.0.0.1",
      port: 0,
      onListen: () => {},
    }, async (request) => {
      const text = await request.text();
      this.bodies.push(text);
      this.#parsed.push(JSON.parse(text));
      for (const look of this.#waiting) look();
      return Response.json({});
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  get spans(): ReceivedSpan[] {
    return this.#parsed.flatMap(({ resourceSpans = [] }) =>
      resourceSpans.flatMap(({ scopeSpans }) => scopeSpans)
        .flatMap(({ spans }) => spans)
        .map((span) => ({ ...span, attributes: plain(span.attributes) }))
    );
  }

  /** Points of each metric, as of the last time that it came. */
  get metrics(): Map<string, ReceivedPoint[]> {
    const all = new Map<string, ReceivedPoint[]>();
    for (const { resourceMetrics = [] } of this.#parsed) {
      const scopes = resourceMetrics.flatMap(({ scopeMetrics }) =>
        scopeMetrics
      );
      for (const metric of scopes.flatMap(({ metrics }) => metrics)) {
        const { sum, gauge, histogram } = metric;
        const points = (sum ?? gauge ?? histogram)?.dataPoints ?? [];
        all.set(
          metric.name,
          points.map(({ attributes = [], asInt, asDouble, count }) => ({
            attributes: plain(attributes),
            value: Number(asInt ?? asDouble ?? count),
          })),
        );
      }
    }
    return all;
  }

  /** Resolves when so much has come that `holds`; asked with each thing that comes. */
  async until(holds: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => {
      if (holds()) resolve();
    };
    this.#waiting.add(look);
    look();
    await promise;
    this.#waiting.delete(look);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

function plain(attributes: Attribute[]): ReceivedSpan["attributes"] {
  return Object.fromEntries(attributes.map(({ key, value }) => {
    const [one] = Object.values(value);
    return [key, one!];
  }));
}
