import type { Mail, Mailer } from "../lib/web/mod.ts";

/** A mail server that keeps what it is given; while `refuses` it takes nothing. */
export interface TestMailer extends Mailer {
  sent: Mail[];
  refuses: boolean;
}

export function createTestMailer(): TestMailer {
  const mailer: TestMailer = {
    sent: [],
    refuses: false,
    send(mail) {
      if (mailer.refuses) return Promise.reject(new Error("no mail today"));
      mailer.sent.push(mail);
      return Promise.resolve();
    },
    close() {},
  };
  return mailer;
}

/** The path of the one-time link in a letter or on a page. */
export function linkIn(text: string): string {
  const [, path] = /https?:\/\/[^/\s"]+(\/(?:invite|reset)\/[\w-]{43})(?![\w-])/
    .exec(text) ?? [];
  if (!path) throw new Error("there is no link");
  return path;
}
