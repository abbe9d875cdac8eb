import { eraseOnRequest, type AskedFor } from '../erasure/on-request.ts';
import type { WhoseData } from '../erasure/asked.sql.ts';
import { storeOption, usageError, wholeNumber, type Command } from './command.ts';

export const eraseCommand: Command = {
  words: 'erase',
  summary: 'erases what is known of the people of an order, or of an e-mail address',
  options: [
    { flags: '--order <order>', description: '<store hash>/<order id>' },
    { flags: '--email <address>', description: 'all orders with it; "-": read it from standard input' },
    storeOption,
  ],
  async run({ pool, stores, who, readStandardInput }, { flags }) {
    // A flag can be read by everybody on the machine (`ps`).
    const email = flags['email'] === '-' ? (await readStandardInput()).trim() : flags['email'];
    const whose = whoseData({ ...flags, email });
    const storeHash = 'order' in whose ? whose.order.storeHash : whose.storeHash;
    if (storeHash !== undefined) await stores.get(storeHash);
    const orders = await eraseOnRequest(pool, whose, who);
    const waiting = orders.filter(({ outcome }) => outcome === 'waits').length;
    return {
      lines: [
        ...(orders.length === 0 ? ['There is no order with this address.'] : orders.map(inWords)),
        ...(waiting > 0 ? ['What waits is remembered, and erased by the daily run once nothing needs it.'] : []),
      ],
      json: { erased: orders.length - waiting, waiting, orders },
      ...(waiting > 0 ? { exitCode: 75 as const } : {}),
    };
  },
};

/** @throws AppError `usage` */
function whoseData({ order, email, store }: Readonly<Record<string, string | undefined>>): WhoseData {
  if ((order === undefined) === (email === undefined)) throw usageError('Give either --order or --email.');
  if (email !== undefined) {
    if (!email.includes('@')) throw usageError('--email has to be an e-mail address.');
    return { email, storeHash: store };
  }
  const [hash, id, ...rest] = order!.split('/');
  if (!hash || !id || rest.length > 0) throw usageError('--order is a store hash and an order id: kauppa1/1042.');
  return { order: { storeHash: hash, orderId: wholeNumber(id, 'An order id') } };
}

const inWords = (order: AskedFor): string => {
  const name = `${order.storeHash}/${order.orderId}`;
  return order.reason === null ? `${name} was erased.` : `${name} waits: ${whyItWaits[order.reason]}.`;
};

const whyItWaits: Readonly<Record<NonNullable<AskedFor['reason']>, string>> = {
  shipment_open: 'a shipment of it is planned or on its way',
  needs_attention: 'it needs a person, who has to see whom it is for',
  command_open: 'a command of it has no outcome yet',
  booking_watched: 'a booking of it may still turn up at Posti',
  many_orders: 'the request has many orders',
};
