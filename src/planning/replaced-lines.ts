import { addressIdOf, type Order, type OrderLine } from '../orders/order.ts';
import type { KnownShipment } from './known-shipment.ts';
import type { Goods, UnitsOfLine } from './shipment-plan.ts';

/** What a shipment needs to say which goods are in it. */
type Holder = Pick<KnownShipment, 'addressId' | 'phase' | 'attemptOut' | 'keptBack' | 'lines' | 'goods'>;

/**
 * The shipments as the order names their goods now: who edits an order in the shop may replace a line by a new one with
 * another id, and read as they stand, the old line would be removed and the new one would need a second label.
 *
 * A line that the order no longer has is replaced by lines of the same goods to the same address, as far as no other
 * shipment holds their units. What nothing replaces keeps its line, which the order does not have any more. So it also
 * holds for a shipment that was delivered: what is in the shop a new line does not send its goods a second time.
 *
 * Where nothing is known of the goods of a line that is gone – it was gone before goods were kept (migration 0012) – and its
 * label is made, all that can be compared is the address and the number of units. Any new units of that address may be
 * those goods then: a person is asked, rather than that they get a second label ({@link KnownShipment.unsureUnits}).
 */
export function withReplacedLines<S extends Holder>(
  order: Pick<Order, 'lines' | 'addresses'>,
  shipments: readonly S[],
): (S & Pick<KnownShipment, 'replacements' | 'unsureUnits'>)[] {
  const isGone = (lineId: number) => !order.lines.some((line) => line.lineId === lineId);
  if (!shipments.some((s) => s.lines.some(({ lineId }) => isGone(lineId)))) return [...shipments];

  const holders = shipments.filter((s) => s.phase !== 'cancelled' || s.keptBack);
  const free = new Map(order.lines.map((line) => [line.lineId, line.quantity - unitsHeld(line, holders)]));
  const isNew = (line: OrderLine) => unitsHeld(line, holders) === 0;
  const candidates = ({ addressId }: Holder, goods: Goods) => {
    const there = order.lines.filter((line) => addressIdOf(line, order) === addressId);
    return [
      ...there.filter((line) => line.sku === goods.sku),
      // A line that was there before and got more units is not what another became.
      ...there.filter((line) => line.sku !== goods.sku && isNew(line) && isOfTheSameProduct(line, goods)),
    ];
  };
  /** What may be the goods of a line of which nothing is known; also units that are planned and not booked yet. */
  const fixed = holders.filter(isBookedOrOut);
  const perhaps = new Map(order.lines.map((line) => [line.lineId, openUnits(line, fixed)]));
  return shipments.map((s) => {
    if (!holders.includes(s)) return s;
    let unsureUnits = 0;
    const held = s.lines.flatMap((units) => {
      if (!isGone(units.lineId)) return [units];
      const goods = s.goods.find(({ lineId }) => lineId === units.lineId);
      if (goods) return take(units, candidates(s, goods), free);
      if (!isBookedOrOut(s)) return [units];
      const there = order.lines.filter((line) => addressIdOf(line, order) === s.addressId);
      const taken = take(units, there, perhaps);
      unsureUnits += taken.reduce((sum, u) => sum + (u.lineId === units.lineId ? 0 : u.quantity), 0);
      return taken;
    });
    const lines = merged(held);
    const replacements = lines.map(({ lineId }) => lineId).filter((id) => !s.lines.some(({ lineId }) => lineId === id));
    return { ...s, lines, replacements, ...(unsureUnits > 0 && { unsureUnits }) };
  });
}

/** Takes the units of a line that is gone from those lines, as far as they have any left, and the rest from nowhere. */
function take(gone: UnitsOfLine, lines: readonly OrderLine[], unitsLeft: Map<number, number>): UnitsOfLine[] {
  const replaced: UnitsOfLine[] = [];
  let left = gone.quantity;
  for (const line of lines) {
    const quantity = Math.min(left, unitsLeft.get(line.lineId) ?? 0);
    if (quantity <= 0) continue;
    unitsLeft.set(line.lineId, (unitsLeft.get(line.lineId) ?? 0) - quantity);
    replaced.push({ lineId: line.lineId, quantity });
    left -= quantity;
  }
  return left > 0 ? [...replaced, { lineId: gone.lineId, quantity: left }] : replaced;
}

/** Its label is made, or may be. A planned one is planned anew by the order as it is, and needs to know nothing of old lines. */
const isBookedOrOut = (s: Holder): boolean => s.phase !== 'cancelled' && (s.phase !== 'planned' || s.attemptOut);

/** Of goods that are shipped, those that are neither refunded nor shipped nor in a parcel of ours. */
function openUnits(line: OrderLine, fixed: readonly Holder[]): number {
  if (line.kind !== 'physical' || line.merchantPickup) return 0;
  return line.quantity - line.quantityRefunded - Math.max(line.quantityShipped, unitsHeld(line, fixed));
}

/**
 * Where the SKU differs: the same variant. Where one is of no product, or its product was not kept (migration 0012,
 * kept-orders.sql.ts), the same name: rather a person is asked than that the goods get a second label.
 */
function isOfTheSameProduct(line: OrderLine, goods: Goods): boolean {
  if (line.productId === 0 || goods.productId === 0) return line.name !== '' && line.name === goods.name;
  return line.productId === goods.productId && line.variantId === goods.variantId;
}

const unitsHeld = ({ lineId }: OrderLine, holders: readonly Holder[]): number =>
  holders.flatMap((s) => s.lines).reduce((sum, u) => sum + (u.lineId === lineId ? u.quantity : 0), 0);

/** Each line once. */
function merged(units: readonly UnitsOfLine[]): UnitsOfLine[] {
  const byLine = new Map<number, number>();
  for (const { lineId, quantity } of units) byLine.set(lineId, (byLine.get(lineId) ?? 0) + quantity);
  return [...byLine].map(([lineId, quantity]) => ({ lineId, quantity }));
}

/** What is kept of the lines of a shipment, to know their goods when the order no longer has them. */
export function goodsOf(order: Pick<Order, 'lines'>, lines: readonly UnitsOfLine[]): Goods[] {
  return order.lines
    .filter(({ lineId }) => lines.some((units) => units.lineId === lineId))
    .map(({ lineId, sku, name, productId, variantId }) => ({ lineId, sku, name, productId, variantId }));
}

/** The same for a booked shipment, of which the order may have lost a line for good: what is known of its goods stays. */
export function goodsOfBooked(order: Pick<Order, 'lines'>, { lines, goods }: Pick<Holder, 'lines' | 'goods'>): Goods[] {
  const gone = lines.filter(({ lineId }) => !order.lines.some((line) => line.lineId === lineId));
  return [...goodsOf(order, lines), ...goods.filter(({ lineId }) => gone.some((units) => units.lineId === lineId))];
}
