import { listAudit, type AuditEntry } from '../audit/audit.sql.ts';
import { auditQuery } from '../http/api/audit/routes.ts';
import { nextPage } from '../http/api/frame/fields.ts';
import { parseRequest } from '../http/api/frame/request.ts';
import { andMore, asQuery, pageOptions, stampOf, type Command } from './command.ts';

/** As `GET /api/v1/audit` gives it. */
export const auditCommand: Command = {
  words: 'audit',
  summary: 'says who did what, when, to what; the youngest first',
  options: [
    { flags: '--subject <subject>', description: 'order/<store>/<order>, store/<store>, token/<name>; all beneath it' },
    { flags: '--who <who>', description: 'token:<name>, cli:<user>, shop or lahetti' },
    { flags: '--what <what>', description: 'command_cancel, settings_saved, label_handed_out, …' },
    { flags: '--from <time>', description: 'then or later: 2026-11-30 or 2026-11-30T12:00Z' },
    { flags: '--until <time>', description: 'before' },
    ...pageOptions,
  ],
  async run({ pool }, given) {
    const query = parseRequest(auditQuery, asQuery(given));
    const audit = await listAudit(pool, query);
    const next = nextPage(audit, query);
    const lines = audit.map(
      (entry) => `${stampOf(entry.at)}  ${entry.who}  ${entry.what}  ${entry.subject}${changed(entry)}`,
    );
    return {
      lines: [...(lines.length > 0 ? lines : ['Nothing such was done.']), ...andMore(next)],
      json: { audit, next },
    };
  },
};

const changed = ({ before, after }: Pick<AuditEntry, 'before' | 'after'>): string =>
  after === null ? '' : `  ${before === null ? '' : `${JSON.stringify(before)} → `}${JSON.stringify(after)}`;
