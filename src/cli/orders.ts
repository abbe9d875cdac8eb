import { viewOrder, type OrderView } from '../http/api/order-view.ts';
import { need, usageError, type Command } from './command.ts';

export const showOrder: Command = {
  words: 'orders show',
  usage: '<store hash> <order id>',
  summary: 'shows where an order is, and how it came there',
  flags: [],
  async run({ pool, engine }, { positionals }) {
    const storeHash = need(positionals[0], 'The store hash');
    const orderId = Number(need(positionals[1], 'The order id'));
    if (!Number.isSafeInteger(orderId) || orderId <= 0) throw usageError('An order id is a whole number.');
    const view = await viewOrder(pool, engine, { storeHash, orderId });
    return { lines: inLines(view, `${storeHash}/${orderId}`), json: view };
  },
};

export const listStores: Command = {
  words: 'stores',
  usage: '',
  summary: 'lists the connected stores',
  flags: [],
  async run({ stores }) {
    const list = await stores.list();
    const lines = list.map((store) => `${store.storeHash.padEnd(14)} ${store.state.padEnd(13)} ${store.name}`);
    return { lines: lines.length > 0 ? lines : ['No store is connected yet.'], json: { stores: list } };
  },
};

function inLines({ state, source, next, shipments }: OrderView, name: string): string[] {
  if (!state) return [`Order ${name} was not read yet.`];
  const unshipped = Object.entries(state.unshipped).map(
    ([reason, units]) => `${units} × ${reason.replaceAll('_', ' ')}`,
  );
  return [
    `Order ${name}: ${state.phase.replaceAll('_', ' ')} since ${state.since} (says the ${source})`,
    ...(state.onHold ? ['  on hold'] : []),
    ...(state.attention ? [attention(state.attention.code, state.attention.commands)] : []),
    ...(unshipped.length > 0 ? [`  not shipped: ${unshipped.join(', ')}`] : []),
    ...state.shipments.flatMap((shipment) => [
      `  shipment ${shipment.n}: ${shipment.phase}, parcel ${shipment.deliveryStatus.replaceAll('_', ' ')}, shop ${shipment.told.replaceAll('_', ' ')}`,
      ...(shipment.trackingNumbers.length > 0 ? [`    tracking ${shipment.trackingNumbers.join(', ')}`] : []),
      ...(shipment.blocked ? [`    not booked: ${shipment.blocked.replaceAll('_', ' ')}`] : []),
      ...(shipment.attention ? [`  ${attention(shipment.attention.code, shipment.attention.commands)}`] : []),
      ...(shipments.find(({ n }) => n === shipment.n)?.attempts ?? []).map((attempt) =>
        `    attempt ${attempt.attempt} (${attempt.reference}): ${attempt.state} ${attempt.code ?? ''}`.trimEnd(),
      ),
    ]),
    ...next.map((step) => `  waits for ${step.words}`),
  ];
}

const attention = (code: string, commands: readonly string[]): string =>
  `  needs attention: ${code} (${commands.join(', ') || 'nothing to command'})`;
