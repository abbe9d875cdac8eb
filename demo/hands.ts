import type { CommandKind, OrderRef } from '../workflows/contract.ts';
import type { Operator } from './operator.ts';
import type { Posti, PostiBooking, PostiScan } from './posti.ts';
import type { AttemptEnd } from './scenario.ts';
import type { OrderAtTheShop, Shop } from './shop.ts';

/** All that anybody can do to one order: merchant and shopper, the operator of ours, and the people at Posti. */
export interface Hands {
  readonly shop: OrderAtTheShop;
  /** @throws Error when it is not carried out, or refused */
  readonly command: (kind: CommandKind, body?: object, n?: number | null) => Promise<void>;
  /** @throws Error when it is carried out all the same */
  readonly isRefused: (kind: CommandKind, body?: object, n?: number | null) => Promise<void>;
  /** Sends the first shipment to the nearest pickup point that is proposed. @throws Error where none is proposed (yet) */
  readonly takeTheNearestPoint: () => Promise<void>;
  /** The harm that Posti does to this order's bookings is over. */
  readonly postiRecovers: () => Promise<void>;
  /** What was kept at the sender's is given to Posti after all, with the label that counts. */
  readonly handOver: () => Promise<void>;
  /** Adds scans to every parcel that goes by a label that counts. */
  readonly scan: (...scans: readonly PostiScan[]) => Promise<void>;
  /** Adds scans to the parcels of a label that was replaced. */
  readonly scanReplaced: (...scans: readonly PostiScan[]) => Promise<void>;
  /** @throws Error until we have read the order with this status: what is commanded then meets no older reading */
  readonly isReadWith: (statusId: number) => Promise<void>;
}

export interface HandsDeps {
  readonly shop: Shop;
  readonly posti: Posti;
  readonly operator: Operator;
  /** Of the scenario, as Posti names it. */
  readonly fault: string | undefined;
  /** Our number of the order's store. */
  readonly storeNumber: number;
}

export function createHands(ref: OrderRef, { shop, posti, operator, fault, storeNumber }: HandsDeps): Hands {
  const name = `${ref.storeHash}/${ref.orderId}`;
  const bookings = async (ofAttempts: AttemptEnd) => {
    const references = await operator.referencesOf(ref, ofAttempts);
    const booked = await posti.bookingsOf([{ storeNumber, orderId: ref.orderId }]);
    const meant = booked.filter(({ reference }) => references.includes(reference ?? ''));
    if (meant.length === 0) throw new Error(`${name} has no booking at Posti whose attempt is ${ofAttempts}.`);
    return meant;
  };

  const command: Hands['command'] = async (kind, body = {}, n = null) => {
    const { outcome, reason } = await operator.command(ref, kind, n, body);
    if (outcome !== 'done') throw new Error(`The command "${kind}" for ${name} was refused: ${reason ?? ''}`);
  };
  const addScans = async (booked: readonly PostiBooking[], scans: readonly PostiScan[]) => {
    for (const { parcels } of booked) {
      for (const { parcelNo } of parcels) for (const scan of scans) await posti.addScan(parcelNo, scan);
    }
  };
  return {
    shop: shop.order(ref.storeHash, ref.orderId),
    command,
    async isRefused(kind, body = {}, n = null) {
      const { outcome } = await operator.command(ref, kind, n, body);
      if (outcome !== 'refused') throw new Error(`The command "${kind}" for ${name} was not refused.`);
    },
    async takeTheNearestPoint() {
      const [nearest] = await operator.proposedPoints(ref, 1);
      if (!nearest) throw new Error(`No pickup point is proposed for ${name}.`);
      await command('change', { pickupPointId: nearest.id }, 1);
    },
    async postiRecovers() {
      if (fault !== undefined) await posti.recover(fault);
    },
    async handOver() {
      for (const { id } of await bookings('live')) await posti.handOver(id);
    },
    scan: async (...scans) => addScans(await bookings('live'), scans),
    scanReplaced: async (...scans) => addScans(await bookings('superseded'), scans),
    async isReadWith(statusId) {
      const read = await operator.statusAsRead(ref);
      if (read !== statusId) throw new Error(`${name} was read with status ${read ?? 'none'}, not yet ${statusId}.`);
    },
  };
}
