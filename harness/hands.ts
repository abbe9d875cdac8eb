import type { OrderRef } from '../src/domain/order-ref.ts';
import type { CommandKind } from '../src/domain/commands.ts';
import type { Operator } from './operator.ts';
import type { OurApi } from './our-api.ts';
import type { Posti, PostiBooking, PostiScan } from './posti.ts';
import type { AttemptEnd } from './scenario.ts';
import type { OrderAtTheShop, Shop, WeightUnit } from './shop.ts';

/** All that anybody can do to one order: merchant and shopper, the operator of ours, and the people at Posti. */
export interface Hands {
  readonly shop: OrderAtTheShop;
  /** @throws Error when it is not carried out, or refused */
  readonly command: (kind: CommandKind, body?: object, n?: number | null) => Promise<void>;
  /** @throws Error when it is carried out all the same */
  readonly isRefused: (kind: CommandKind, body?: object, n?: number | null) => Promise<void>;
  /** Sends the first shipment to the nearest pickup point that is proposed. @throws Error where none is proposed (yet) */
  readonly takeTheNearestPoint: () => Promise<void>;
  /** @throws Error until it is listed as one that we heard of and could not read */
  readonly isListedAsUnread: () => Promise<void>;
  /** @throws Error until what the first shipment needs a person for is said with these words */
  readonly isSaid: (words: string) => Promise<void>;
  /** @throws Error until its store is read in this unit of weight; has it looked at anew */
  readonly isReadIn: (unit: WeightUnit) => Promise<void>;
  /** Has the labels that count printed as one file. @throws Error where one of them is left out */
  readonly isInTheMergedFile: () => Promise<void>;
  /** Gives us the secret that Posti knows for the account of its store. @throws Error until another one was refused */
  readonly mendAccount: () => Promise<void>;
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
  readonly api: Pick<OurApi, 'mergedLabels'>;
  readonly mendAccount: () => Promise<void>;
  /** Of the scenario, as Posti names it. */
  readonly fault: string | undefined;
  /** Our number of the order's store. */
  readonly storeNumber: number;
}

export function createHands(
  ref: OrderRef,
  { shop, posti, operator, api, mendAccount, fault, storeNumber }: HandsDeps,
): Hands {
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
    async isListedAsUnread() {
      const failure = await operator.failureToRead(ref);
      if (failure === undefined) throw new Error(`${name} is not listed as one that could not be read.`);
    },
    async isSaid(words) {
      const said = await operator.problems(ref, 1);
      if (!said.some((problem) => problem.includes(words))) throw new Error(`Nobody says "${words}" of ${name}.`);
    },
    async isReadIn(unit) {
      const known = await operator.weightUnit(ref);
      if (known === unit) return;
      // Where the shop's word of it was lost, a look asks for the units once they are old.
      await shop.order(ref.storeHash, ref.orderId).hookAgain(1);
      throw new Error(`The store of ${name} is read in ${known ?? 'no unit'}, not yet in ${unit}.`);
    },
    async isInTheMergedFile() {
      const { pdf, leftOut } = await api.mergedLabels([ref]);
      if (leftOut !== null) throw new Error(`The merged file of ${name} leaves out ${leftOut}.`);
      if (Buffer.from(pdf.subarray(0, 5)).toString() !== '%PDF-') throw new Error(`The labels of ${name} are no PDF.`);
    },
    mendAccount,
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
