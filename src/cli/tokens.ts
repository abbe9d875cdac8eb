import { AppError } from '../errors.ts';
import { listTokens, revokeToken } from '../auth/tokens.sql.ts';
import { createToken } from '../auth/tokens.ts';
import { roles, type Role } from '../auth/roles.ts';
import { need, usageError, type Command } from './command.ts';

export const createTokenCommand: Command = {
  words: 'tokens create',
  summary: 'makes an API token and shows it, once',
  options: [
    { flags: '--name <who>', description: 'who has it, as the audit names them (needed)' },
    { flags: '--role <role>', description: `${roles.join(', ')}; viewer where it is left out` },
  ],
  async run({ pool, who }, { flags }) {
    const role = flags['role'] ?? 'viewer';
    if (!isRole(role)) throw usageError(`--role has to be one of ${roles.join(', ')}.`);
    const { token, info } = await createToken(pool, need(flags['name'], '--name'), role, who);
    return {
      lines: [token, `This is shown once. It is "${info.name}" and may act as ${info.role}.`],
      json: { token, ...info },
    };
  },
};

export const listTokensCommand: Command = {
  words: 'tokens list',
  summary: 'lists the API tokens',
  async run({ pool }) {
    const tokens = await listTokens(pool);
    const lines = tokens.map(({ name, role, createdAt, revokedAt }) => {
      const until = revokedAt ? `, revoked ${revokedAt.toISOString()}` : '';
      return `${name.padEnd(24)} ${role.padEnd(9)} since ${createdAt.toISOString()}${until}`;
    });
    return { lines: lines.length > 0 ? lines : ['There are no tokens yet.'], json: { tokens } };
  },
};

export const revokeTokenCommand: Command = {
  words: 'tokens revoke',
  summary: 'makes an API token invalid at once',
  options: [{ flags: '--name <who>', description: 'as it was made (needed)' }],
  async run({ pool, who }, { flags }) {
    const name = need(flags['name'], '--name');
    if (!(await revokeToken(pool, name, who))) {
      throw new AppError(`There is no valid token "${name}".`, { kind: 'not_found', code: 'unknown_token' });
    }
    return { lines: [`The token "${name}" is revoked.`], json: { name } };
  },
};

const isRole = (text: string): text is Role => (roles as readonly string[]).includes(text);
