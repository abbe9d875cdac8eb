import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';

export interface SecretKey {
  /** Stands beside every value that was sealed with the key. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** A sealed value as the database keeps it: 12 bytes of nonce, 16 of tag, the ciphertext. */
export type Sealed = Buffer;

export interface SecretBox {
  /** Id of the key that seals: the first that was given. */
  readonly keyId: string;
  /** Ids of all keys that open, in the order in which they were given. */
  readonly keyIds: readonly string[];
  /**
   * Encrypts with the first key. `place` says where the value lives (`stores/<hash>/access_token`): a value that was
   * copied to another row or column does not open there.
   */
  seal(text: string, place: string): Sealed;
  /** @throws Error when the key is not configured, or the value was altered or moved; the message holds no secret */
  open(sealed: Sealed, keyId: string, place: string): string;
}

const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM with several keys: the first seals, each opens what it sealed. So keys are rotated by adding one in front. */
export function createSecretBox(keys: readonly SecretKey[]): SecretBox {
  const byId = new Map(keys.map(({ id, key }) => [id, key]));
  const first = keys[0];
  if (!first) throw new Error('A secret box needs at least one key.');
  if (byId.size !== keys.length) throw new Error('Two secret keys have the same id.');
  if (keys.some(({ key }) => key.length !== 32)) throw new Error('A secret key has to be 32 bytes long.');

  return {
    keyId: first.id,
    keyIds: [...byId.keys()],

    seal(text, place) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', first.key, nonce).setAAD(Buffer.from(place));
      const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]);
    },

    open(sealed, keyId, place) {
      const key = byId.get(keyId);
      if (!key) {
        throw new Error(`${place} was encrypted with the key "${keyId}", which is not in LAHETTI_SECRET_KEYS.`);
      }
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), {
          authTagLength: tagBytes,
        })
          .setAAD(Buffer.from(place))
          .setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
        return Buffer.concat([decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()]).toString(
          'utf8',
        );
      } catch (cause) {
        throw new Error(`${place} could not be decrypted: it was altered or moved, or the key "${keyId}" is another.`, {
          cause,
        });
      }
    },
  };
}

/** Reads `id:base64,id:base64` as LAHETTI_SECRET_KEYS has it (src/config.ts has checked the form). */
export function parseSecretKeys(text: string): SecretKey[] {
  return text.split(',').map((pair) => {
    const [id = '', base64 = ''] = pair.trim().split(/:(.*)/s);
    return { id, key: Buffer.from(base64, 'base64') };
  });
}

export interface SecretKeysOptions {
  /** `Config.secretKeys`. */
  readonly configured: string | null;
  readonly stateDir: string;
  /** A key is never made up where others depend on having it. */
  readonly production?: boolean;
}

/** The keys that are configured, else the one in the state folder, which is made (readable by its owner only) where there is none. */
export async function loadOrCreateSecretKeys(options: SecretKeysOptions): Promise<SecretKey[]> {
  if (options.configured !== null) return parseSecretKeys(options.configured);
  if (options.production) throw new Error('LAHETTI_SECRET_KEYS is missing: in production a key is never made up.');

  const path = join(options.stateDir, 'secret-key');
  const kept = (await readKept(path)) ?? (await create(path, options.stateDir));
  return parseSecretKeys(kept);
}

async function readKept(path: string): Promise<string | null> {
  try {
    const text = (await readFile(path, 'utf8')).trim();
    if (!/^[\w-]+:[A-Za-z0-9+/]{43}=$/.test(text)) {
      throw new Error(
        `${path} does not hold a secret key. Restore it: what was encrypted with it opens with it alone.`,
      );
    }
    return text;
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw err;
  }
}

/** Several processes may start at once: each writes a whole file of its own, and linking it to its name succeeds for one. */
async function create(path: string, stateDir: string): Promise<string> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const mine = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(mine, 'wx', 0o600);
  try {
    await file.writeFile(`local:${randomBytes(32).toString('base64')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(mine, path);
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'EEXIST') throw err;
  } finally {
    await unlink(mine);
  }
  const kept = await readKept(path);
  if (kept === null) throw new Error(`${path} disappeared while it was being made.`);
  return kept;
}
