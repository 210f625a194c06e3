const CRLF = "\r\n";
const HEAD_END = new TextEncoder().encode(CRLF + CRLF);

/** What came back, without its body. */
export interface HttpAnswer {
  status: number;
  headers: Map<string, string>;
  bytes: number;
}

/**
 * One kept connection to a server on this machine, which asks one thing after another. It costs next to nothing beside
 * what it measures, which `fetch` does not.
 */
export class HttpConnection implements Disposable {
  #buffer = new Uint8Array(0);

  private constructor(private readonly socket: Deno.TcpConn) {}

  static async open(origin: string): Promise<HttpConnection> {
    const { port } = new URL(origin);
    return new HttpConnection(
      await Deno.connect({ hostname: "127.0.0.1", port: Number(port) }),
    );
  }

  /** Asks for a path, and reads the answer to its end. */
  async get(
    path: string,
    headers: Record<string, string> = {},
  ): Promise<HttpAnswer> {
    const lines = Object.entries({ host: "localhost", ...headers })
      .map(([name, value]) => `${name}: ${value}`);
    const text = [`GET ${path} HTTP/1.1`, ...lines, "", ""].join(CRLF);
    await this.#write(new TextEncoder().encode(text));
    return await this.#answer();
  }

  [Symbol.dispose](): void {
    this.socket.close();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    while (bytes.length > 0) {
      bytes = bytes.subarray(await this.socket.write(bytes));
    }
  }

  async #answer(): Promise<HttpAnswer> {
    let end = -1;
    while ((end = indexOf(this.#buffer, HEAD_END)) < 0) await this.#more();
    const head = new TextDecoder().decode(this.#take(end + HEAD_END.length));
    const [first = "", ...lines] = head.trimEnd().split(CRLF);
    const headers = new Map(lines.map((line) => {
      const at = line.indexOf(":");
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
    }));
    const status = Number(first.split(" ")[1]);
    const bytes = status === 304
      ? 0
      : headers.has("content-length")
      ? await this.#skip(Number(headers.get("content-length")))
      : await this.#skipChunks();
    return { status, headers, bytes };
  }

  async #skipChunks(): Promise<number> {
    const lineEnd = new TextEncoder().encode(CRLF);
    for (let total = 0;;) {
      let end = -1;
      while ((end = indexOf(this.#buffer, lineEnd)) < 0) await this.#more();
      const size = parseInt(
        new TextDecoder().decode(this.#take(end + lineEnd.length)),
        16,
      );
      await this.#skip(size + lineEnd.length);
      if (size === 0) return total;
      total += size;
    }
  }

  async #skip(bytes: number): Promise<number> {
    let left = bytes;
    while (left > 0) {
      if (this.#buffer.length === 0) await this.#more();
      left -= this.#take(Math.min(left, this.#buffer.length)).length;
    }
    return bytes;
  }

  #take(count: number): Uint8Array {
    const taken = this.#buffer.subarray(0, count);
    this.#buffer = this.#buffer.subarray(count);
    return taken;
  }

  async #more(): Promise<void> {
    const chunk = new Uint8Array(64 * 1024);
    const read = await this.socket.read(chunk);
    if (read === null) throw new Error("The server has closed the connection");
    const joined = new Uint8Array(this.#buffer.length + read);
    joined.set(this.#buffer);
    joined.set(chunk.subarray(0, read), this.#buffer.length);
    this.#buffer = joined;
  }
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  for (
    let at = bytes.indexOf(wanted[0]!);
    at >= 0;
    at = bytes.indexOf(wanted[0]!, at + 1)
  ) {
    if (wanted.every((byte, n) => bytes[at + n] === byte)) return at;
  }
  return -1;
}

/** What several connections ask a server for at once, so many times in all. */
export interface Load {
  origin: string;
  path: string;
  headers?: Record<string, string>;
  /** The status that every answer must have. */
  status: number;
  connections: number;
  requests: number;
}

/**
 * Asks for it all.
 *
 * @throws {Error} where an answer has another status.
 */
export async function load(
  { origin, path, headers, status, connections, requests }: Load,
): Promise<void> {
  let left = requests;
  await Promise.all(Array.from({ length: connections }, async () => {
    using connection = await HttpConnection.open(origin);
    while (left-- > 0) {
      const answer = await connection.get(path, headers);
      if (answer.status !== status) {
        throw new Error(`${path} answers ${answer.status}, not ${status}`);
      }
    }
  }));
}
