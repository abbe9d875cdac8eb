import type { KeyUse } from '../stores/key-rotation.ts';
import type { Command } from './command.ts';

export const listKeysCommand: Command = {
  words: 'keys list',
  summary: 'lists the keys that encrypt secrets, what hangs on each, and which may be removed',
  async run({ stores }) {
    const keys = await stores.keys.list();
    const lost = keys.some(({ configured }) => !configured);
    return {
      lines: [
        ...keys.map((key) => `${key.keyId.padEnd(16)} ${valuesOf(key).padEnd(12)} ${standing(key)}`),
        ...(keys.some(({ newest, configured, values }) => !newest && configured && values > 0)
          ? ['Encrypt everything with the newest: npm run lahetti -- keys rotate.']
          : []),
      ],
      json: { keys },
      ...(lost ? { exitCode: 1 as const } : {}),
    };
  },
};

export const rotateKeysCommand: Command = {
  words: 'keys rotate',
  summary: 'encrypts every secret anew with the newest key; interrupted, run it again',
  async run({ stores, who }) {
    const { keyId, rows, failures } = await stores.keys.rotate(who);
    const keys = await stores.keys.list();
    const removable = keys.filter((key) => key.removable).map((key) => key.keyId);
    return {
      lines: [
        rows === 0
          ? `Nothing was left to encrypt anew with the key "${keyId}".`
          : `Stores and carrier accounts that were encrypted anew with the key "${keyId}": ${rows}.`,
        ...failures,
        ...(removable.length > 0 && failures.length === 0
          ? [
              `Once every process runs with "${keyId}" in front, take out of LAHETTI_SECRET_KEYS: ${removable.join(', ')}.`,
            ]
          : []),
      ],
      json: { keyId, rows, failures, keys },
      ...(failures.length > 0 ? { exitCode: 1 as const } : {}),
    };
  },
};

const valuesOf = ({ values }: KeyUse): string => (values === 1 ? '1 value' : `${values} values`);

function standing({ newest, configured, removable }: KeyUse): string {
  if (!configured) return 'NOT CONFIGURED: what it encrypted cannot be read; put it back into LAHETTI_SECRET_KEYS';
  if (newest) return 'newest: encrypts what is written from now on';
  return removable ? 'may be removed' : 'in use';
}
