import { attentionFilter, attentionPage, unreadForPeople } from '../http/api/attention/routes.ts';
import { countsOfAttention, pageOfAttention } from '../orders/attention.sql.ts';
import { nextPage } from '../http/api/frame/fields.ts';
import { parseRequest } from '../http/api/frame/request.ts';
import { andMore, asQuery, pageOptions, storeOption, type Command } from './command.ts';
import { commandLine, spaced } from './order-words.ts';
import { unreadInLines } from './unread-words.ts';

/** As `GET /api/v1/attention` gives it. */
export const attentionCommand: Command = {
  words: 'attention',
  summary: 'lists shipments that wait for a person: for what, and what helps',
  options: [
    storeOption,
    { flags: '--reason <code>', description: 'only those that wait for this' },
    { flags: '--counts', description: 'how many wait, by store and reason' },
    ...pageOptions,
  ],
  async run({ pool }, { flags, switches, ...given }) {
    if (switches['counts']) {
      const counts = await countsOfAttention(pool, parseRequest(attentionFilter, { ...set(flags, 'store', 'reason') }));
      const lines = counts.map(
        (one) => `${String(one.count).padStart(6)}  ${one.storeHash}  ${spaced(one.reason)}, since ${one.oldest}`,
      );
      return { lines: lines.length > 0 ? lines : [nobody], json: { counts } };
    }
    const query = parseRequest(attentionPage, asQuery({ ...given, flags, switches: {} }));
    const [attention, unread] = await Promise.all([pageOfAttention(pool, query), unreadForPeople(pool, query)]);
    const next = nextPage(attention, query);
    const ofShipments = attention.flatMap((row) => [
      `${row.storeHash}/${row.orderId}  shipment ${row.n}, ${row.phase}, since ${row.attention.since}: ${spaced(row.attention.code)}`,
      ...row.problems.flatMap(({ problem, remedy }) => [`  ${problem}`, `  → ${remedy}`]),
      ...row.attention.commands.map((kind) => `  helps: ${commandLine(kind, row, row.n)}`),
    ]);
    const lines = [
      ...unread.flatMap((one) => [`${one.storeHash}/${one.orderId}  cannot be read`, ...unreadInLines(one)]),
      ...ofShipments,
    ];
    return { lines: [...(lines.length > 0 ? lines : [nobody]), ...andMore(next)], json: { attention, unread, next } };
  },
};

const nobody = 'Nothing waits for a person.';

const set = (flags: Readonly<Record<string, string | undefined>>, ...names: readonly string[]) =>
  Object.fromEntries(names.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])));
