import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { createSecrets, rotateSecrets } from "../../lib/auth/mod.ts";
import { TerminalError } from "../../lib/domain/mod.ts";
import { getTenant, updateTenant } from "../../lib/store/mod.ts";
import { createRig, openKeys, secrets, TEST_SECRET } from "../_sync.ts";

const NEWER = new Uint8Array(32).fill(9).toBase64();

describe("security checks 34 and 35: secrets at rest", () => {
  it("check 34: an encrypted key that is moved to another tenant, or another field, does not open", async () => {
    await using rig = await createRig();
    const bravo = await rig.addTenant("Bravo", "bravo-web-key");
    const { clienttetherWebKey } = rig.tenant;
    const moved = await updateTenant(
      rig.store,
      bravo.id,
      { clienttetherWebKey },
      rig.clock,
    );
    await expect(openKeys(moved)).rejects.toBeInstanceOf(TerminalError);
    const swapped = secrets.open(
      rig.tenant.id,
      "clienttetherAccessToken",
      clienttetherWebKey!,
    );
    await expect(swapped).rejects.toBeInstanceOf(TerminalError);
    const { webKey } = await openKeys(
      await getTenant(rig.store, rig.tenant.id),
    );
    expect(webKey).toBe("test-web-key-one");
  });

  it("check 34: a tenant that holds another's encrypted key asks ClientTether for nothing with it", async () => {
    const asked: string[] = [];
    await using rig = await createRig({
      fetch: (through) => (url, init) => {
        asked.push(String(url));
        return through(url, init);
      },
    });
    const bravo = await rig.addTenant("Bravo", "bravo-web-key");
    await rig.change({ clienttetherWebKey: bravo.clienttetherWebKey });
    await rig.sync().catch(() => {});
    expect(asked).toEqual([]);
  });

  it("check 35: after a change of the master key old values are readable, then sealed anew, then free of the old key", async () => {
    await using rig = await createRig();
    const { id } = rig.tenant;
    const field = "clienttetherWebKey";
    const read = async (by: typeof secrets) =>
      await by.open(id, field, (await getTenant(rig.store, id))[field]!);
    const both = createSecrets(NEWER, [TEST_SECRET]);
    expect(await read(both)).toBe("test-web-key-one");
    const { rotated, counts } = await rotateSecrets(rig.store, both);
    expect([rotated, counts]).toEqual([2, { [both.keyId]: 2 }]);
    expect(await read(createSecrets(NEWER))).toBe("test-web-key-one");
    await expect(read(secrets)).rejects.toThrow("PORTAL_SECRET_OLD");
  });
});
