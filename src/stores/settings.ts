import { z } from 'zod';

/** What a store may choose. Every field has a default that works; a store's settings are kept with a version. */

const sender = z.object({
  name: z.string().min(1).max(35),
  address1: z.string().min(1).max(35),
  postcode: z.string().regex(/^\d{5}$/),
  city: z.string().min(1).max(35),
  country: z.literal('FI').or(z.literal('AX')).default('FI'),
  phone: z.string().nullable().default(null),
  email: z.string().nullable().default(null),
});

const warehouse = z.object({
  sender,
  /** Posti's logistics contract: six digits, the first a 6 (posti.md 2). */
  contractNumber: z.string().regex(/^6\d{5}$/),
});

const service = z.object({
  /** Posti's service id, like PO2103. */
  service: z.string(),
  addons: z.array(z.string()).default([]),
});

/** Longest interval between two looks at a parcel: Posti's scans come by the hour. */
const minutes = z.number().int().min(5).max(1_440).nullable().default(null);
const days = z.number().int().min(1).max(60).nullable().default(null);

export const settingsSchema = z.object({
  /** A new store observes: it plans and shows, books nothing and writes nothing. */
  mode: z.enum(['observe', 'live']).default('observe'),
  /** Orders that were created before are never taken. */
  cutOffDate: z.iso.datetime({ offset: true }).nullable().default(null),
  /** Orders older than this are left alone when they are first seen. */
  lookBackDays: z.number().int().min(1).max(365).default(14),
  /** Status ids that let an order be shipped (bigcommerce.md 2.7); 11 Awaiting Fulfillment, 9 Awaiting Shipment. */
  statuses: z.array(z.number().int().min(0).max(14)).default([11, 9]),
  warehouse: warehouse.nullable().default(null),
  /** Shipping method name (as the shopper saw it, upper and lower case alike) to Posti service. */
  services: z.record(z.string(), service).default({}),
  /** For methods that are not named above; null asks a person. */
  defaultService: service.nullable().default(null),
  defaultWeightGrams: z.number().int().positive().default(1000),
  /** An order's goods are split into parcels of at most this weight. */
  parcelWeightLimitGrams: z.number().int().positive().max(35_000).default(25_000),
  labelSize: z.enum(['A5', '107x225']).default('A5'),
  pickupPoint: z
    .object({
      /** Names of shipping address form fields that carry the pickup point's id; the first that is filled counts. */
      formFields: z.array(z.string()).default(['Pickup point', 'pickup_point_id']),
      /** Where no form field is filled: the order's metafield that a checkout app writes the id to; one more read per look. */
      metafield: z
        .object({ namespace: z.string().min(1).max(64), key: z.string().min(1).max(64) })
        .nullable()
        .default(null),
    })
    .prefault({}),
  writeBack: z
    .object({
      moment: z.enum(['booked', 'printed', 'first_scan']).default('booked'),
      /**
       * `shop`: leave the status to the shop's own roll-up (bigcommerce.md 3.5). `completed`: once that says Shipped, the
       * order is set to Completed.
       */
      status: z.enum(['shop', 'completed']).default('shop'),
      severalParcels: z.enum(['first_number', 'record_per_parcel']).default('first_number'),
    })
    .prefault({}),
  tracking: z
    .object({
      /** Minutes between two looks at a parcel, by how far it is; null: the house's (src/engine/timings.ts). */
      pollMinutes: z.object({ beforeFirstScan: minutes, inTransit: minutes, nearTheEnd: minutes }).prefault({}),
      /** Days of silence after which a person should look; null: the house's. */
      silenceDays: z.object({ beforeFirstScan: days, betweenScans: days }).prefault({}),
    })
    .prefault({}),
  /** What to do when nobody can say whether Posti booked: book again and watch the old reference, or ask a person first. */
  onUnknown: z.enum(['book_again', 'ask']).default('book_again'),
  /** Hooks without the Standard Webhooks signature are refused. */
  requireSignedWebhooks: z.boolean().default(false),
});

export type Settings = z.infer<typeof settingsSchema>;

/** The defaults that a store starts with. */
export const defaultSettings = (): Settings => settingsSchema.parse({});
