import { activityInfo } from '@temporalio/activity';
import type { ShipmentRef } from '../src/domain/order-ref.ts';
import { scopeMissing } from '../src/bigcommerce/errors.ts';
import type { BigCommerceApi, StoreConnection, WireShipment } from '../src/bigcommerce/api.ts';
import { AppError, canRetryHelp, isAppError } from '../src/errors.ts';
import type { Call } from '../src/exchanges/exchange.ts';
import { guardShop, type ShopAccess } from '../src/stores/shop-access.ts';
import { admitStore } from '../src/stores/paused.ts';
import type { WriteBack } from '../src/write-back/write-backs.sql.ts';
import type { StepDeps } from './deps.ts';

/** The shop of one order, behind its row of `system_health`. */
export interface Shop {
  readonly api: BigCommerceApi;
  readonly connection: StoreConnection;
  readonly orderId: number;
  /** @param access the scope that the question needs; default: to change orders */
  ask<T>(work: (call: Call) => Promise<T>, access?: ShopAccess): Promise<T>;
}

export type ShopDoorDeps = Pick<StepDeps, 'stores' | 'bigcommerce' | 'health' | 'limits' | 'speed'>;

/** @throws AppError `store_paused` */
export async function openShop({ stores, bigcommerce, health, speed }: ShopDoorDeps, ref: ShipmentRef): Promise<Shop> {
  admitStore(await stores.get(ref.storeHash), speed);
  const connection = await stores.connection(ref.storeHash);
  const call: Call = { about: { ...ref, shipment: ref.n } };
  return {
    api: bigcommerce,
    connection,
    orderId: ref.orderId,
    ask: (work, access = 'orders_modify') => guardShop(health, ref.storeHash, access, () => work(call)),
  };
}

export const listRecords = (shop: Shop): Promise<WireShipment[]> =>
  shop.ask((call) => shop.api.listShipments(shop.connection, shop.orderId, call), 'orders_read');

export const deleteRecord = (shop: Shop, id: number): Promise<void> =>
  shop.ask((call) => shop.api.deleteShipment(shop.connection, shop.orderId, id, call));

/**
 * Whether the shop said no to this order and will say no again: then a person has to look. Trouble of the account or of the
 * system is not the order's, and a lock on it (423) may be gone at the next try: only one that stays needs a person.
 */
export function isRefusal(error: unknown): error is AppError {
  if (!isAppError(error)) return false;
  // One order that is closed to us; a scope that is missing is the token's trouble, and one incident.
  if (error.kind === 'forbidden') return error.code !== scopeMissing;
  if (canRetryHelp(error.kind)) return false;
  return error.code !== 'bigcommerce_locked' || activityInfo().attempt > triesWhileLocked;
}

/** With the engine's growing delays (src/temporal/timings.ts) some minutes. */
const triesWhileLocked = 8;

/**
 * Deletes what the shop has of these records of ours, and of nobody else's. One that is gone already is no error.
 *
 * @returns how many shipments, whoever made them, the order has left
 * @throws AppError `write_back_unresolved` while a write whose outcome nobody knows may still arrive
 */
export async function deleteRecords(
  shop: Shop,
  records: readonly WriteBack[],
  inShop: readonly WireShipment[],
  { limits }: Pick<ShopDoorDeps, 'limits'>,
): Promise<number> {
  const ours = inShop.filter((s) => records.some((record) => isOf(record, s)));
  for (const { id } of ours) await deleteRecord(shop, id);
  // A write whose outcome nobody knows may still arrive, until its sender can't be waiting any more.
  const waitMs = Math.max(0, ...records.map((r) => (isStillOpen(r, ours) ? limits.takeOverMs - r.ageMs : 0)));
  if (waitMs > 0) throw unresolved(shop.orderId, waitMs, 'it is taken back');
  return inShop.length - ours.length;
}

const isOf = (record: WriteBack, { id, tracking_number: number }: WireShipment): boolean =>
  record.recordId === id || (record.trackingNumber !== null && record.trackingNumber === number);

/** What the shop said of it, if anything, was never heard. */
export const isUnresolved = (record: WriteBack | undefined): record is WriteBack =>
  record?.state === 'sent' || record?.state === 'unknown';

const isStillOpen = (record: WriteBack, found: readonly WireShipment[]): boolean =>
  isUnresolved(record) && record.recordId === null && !found.some((s) => s.tracking_number === record.trackingNumber);

/** @param what is done after the wait */
export const unresolved = (orderId: number, waitMs: number, what: string) =>
  new AppError(`Order ${orderId}: an earlier write to the shop may still arrive; ${what} after that.`, {
    kind: 'paused',
    code: 'write_back_unresolved',
    retryAfterMs: Math.ceil(waitMs) + 50,
  });
