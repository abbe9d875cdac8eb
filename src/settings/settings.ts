import { z } from 'zod';
import { contentsLength, highestParcelLimitGrams } from '../carriers/limits.ts';
import { paperKinds } from './papers.ts';
import { knownLabelFacts } from '../carriers/label-facts.ts';
import { sameCode } from './codes.ts';
import { inTodaysForm } from './old.ts';

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

const labelSize = z.enum(['A5', '107x225']);

const code = z.string().trim().min(1).max(40);

const warehouse = z.object({
  /** What orders and storefronts call it; upper and lower case alike. */
  code,
  sender,
  /** Posti's logistics contract (posti.md 2). */
  contractNumber: z.string().regex(/^6\d{5}$/, "Posti's contract number has six digits, and the first is a 6"),
  /** Null: the store's. */
  labelSize: labelSize.nullable().default(null),
});

/** An order's metafield. */
const metafield = z.object({ namespace: z.string().min(1).max(64), key: z.string().min(1).max(64) });

/** What shoppers are written to in; Posti's tracking page has these three (posti.md 6.6). */
const language = z.enum(['fi', 'sv', 'en']).nullable();

const service = z.object({
  /** Posti's service id, like PO2103. */
  service: z.string(),
  addons: z.array(z.string()).default([]),
});

/** Longest interval between two looks at a parcel: Posti's scans come by the hour. */
const minutes = z.number().int().min(5).max(1_440).nullable().default(null);
const days = z.number().int().min(1).max(60).nullable().default(null);

const lineLength = z.number().int().min(10).max(60);

const mode = z.enum(['observe', 'live']);
const cutOffDate = z.iso.datetime({ offset: true }).nullable();
const lookBackDays = z.number().int().min(1).max(365);
const statuses = z.array(z.number().int().min(0).max(14));
const shipRemainder = z.boolean();
const services = z.record(z.string(), service);

/** What one storefront has otherwise than its store; what is left out is the store's (src/settings/storefronts.ts). */
const storefront = z.object({
  mode: mode.optional(),
  cutOffDate: cutOffDate.optional(),
  lookBackDays: lookBackDays.optional(),
  statuses: statuses.optional(),
  shipRemainder: shipRemainder.optional(),
  /** The code of the warehouse that its orders leave from, where they name none themselves. */
  warehouse: code.optional(),
  /** In place of the store's, and not beside them. */
  services: services.optional(),
  defaultService: service.nullable().optional(),
  labelSize: labelSize.optional(),
  /** Before what the order says: a storefront is written in one language, and its orders may say another. */
  language: language.optional(),
});

/** The fields, in today's form; {@link settingsSchema} takes older ones too. */
export const settingsFields = z.object({
  /** A new store observes: it plans and shows, books nothing and writes nothing. */
  mode: mode.default('observe'),
  /** Orders that were created before are never taken. */
  cutOffDate: cutOffDate.default(null),
  /** Orders older than this are left alone when they are first seen. */
  lookBackDays: lookBackDays.default(14),
  /** Status ids that let an order be shipped (bigcommerce.md 2.7); 11 Awaiting Fulfillment, 9 Awaiting Shipment. */
  statuses: statuses.default([11, 9]),
  /**
   * Partially Refunded and Partially Shipped, which the shop sets by itself, stop no order that was in a chosen status
   * before: what is left of it is shipped. False: the order waits until it is in a chosen status again.
   */
  shipRemainder: shipRemainder.default(true),
  /** Where goods leave from; the first is the default. */
  warehouses: z.array(warehouse).max(100).default([]),
  /** Where an order says its warehouse's code; one that says none leaves from its storefront's, or the first. */
  warehouseChoice: z
    .object({
      /** Names of shipping address form fields; the first that is filled counts. */
      formFields: z.array(z.string()).default([]),
      /** Where no form field is filled; one more read per look. */
      metafield: metafield.nullable().default(null),
    })
    .prefault({}),
  /** By BigCommerce's channel id, like `1`: what a storefront has otherwise than the store. */
  storefronts: z
    .record(z.string().regex(/^[1-9]\d{0,9}$/, 'a storefront is named by its channel id'), storefront)
    .default({}),
  /** Shipping method name (as the shopper saw it, upper and lower case alike) to Posti service. */
  services: services.default({}),
  /** For methods that are not named above; null asks a person. */
  defaultService: service.nullable().default(null),
  defaultWeightGrams: z.number().int().positive().default(1000),
  /** An order's goods are split into parcels of at most this weight. */
  parcelWeightLimitGrams: z.number().int().positive().max(highestParcelLimitGrams).default(25_000),
  labelSize: labelSize.default('A5'),
  /** Of the tracking link and the method's name, where neither the storefront nor the order says; null: the shop's own. */
  language: language.default(null),
  /** What the store's labels show in print, where that is more or less than is known (src/carriers/label-facts.ts). */
  labelPrints: z
    .object({
      lineLength: z
        .object({
          A5: lineLength.default(knownLabelFacts.lineLength.A5),
          '107x225': lineLength.default(knownLabelFacts.lineLength['107x225']),
        })
        .prefault({}),
      /** `contact` is a second line of the name. */
      contact: z.boolean().default(knownLabelFacts.contact),
      state: z.boolean().default(knownLabelFacts.state),
    })
    .prefault({}),
  /** What the label says is in a parcel: these words, or the names of its products. */
  contents: z
    .object({
      from: z.enum(['words', 'products']).default('words'),
      words: z.string().trim().min(1).max(contentsLength).default('Tavaraa / Goods'),
    })
    .prefault({}),
  customs: z
    .object({
      /** Parcels over these borders are booked without customs data: their papers are made elsewhere. */
      papersElsewhere: z.array(z.enum(paperKinds)).default([]),
    })
    .prefault({}),
  /** Countries that Posti takes no goods to: the United States since 23 August 2025; whether still, nobody says (carriers.md 6). */
  stoppedCountries: z.array(z.string().regex(/^[A-Z]{2}$/)).default(['US']),
  pickupPoint: z
    .object({
      /** Of one parcel; null: what Posti's own apps offer for the service (25 kg for a Postal Parcel). */
      heaviestGrams: z.number().int().positive().max(35_000).nullable().default(null),
      /** Names of shipping address form fields that carry the pickup point's id, or `name (id)`; the first that is filled counts. */
      formFields: z.array(z.string()).default(['Pickup point', 'pickup_point_id']),
      /** Where no form field is filled: the order's metafield that a checkout app writes the id to; one more read per look. */
      metafield: metafield.nullable().default(null),
      /**
       * Before both: the rate that the shopper chose and paid for, if it came from a shipping provider that writes the point's
       * id into `rate_id` or `rate_code` (bigcommerce.md 5.5). That the two come back with the order is documented; that
       * they hold a pickup point is an agreement with that provider, so that it is off. One more read per address and look.
       */
      quote: z
        .object({
          field: z.enum(['rate_id', 'rate_code']).default('rate_id'),
          /** What stands before the id, like `PO2103-`; a rate that begins otherwise names no point. */
          prefix: z.string().max(49).default(''),
        })
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
      /** Minutes between two looks at a parcel, by how far it is; null: the house's (src/temporal/timings.ts). */
      pollMinutes: z.object({ beforeFirstScan: minutes, inTransit: minutes, nearTheEnd: minutes }).prefault({}),
      /** Days of silence after which a person should look; null: the house's. */
      silenceDays: z.object({ beforeFirstScan: days, betweenScans: days }).prefault({}),
    })
    .prefault({}),
  /** What to do when nobody can say whether Posti booked: book again and watch the old reference, or ask a person first. */
  onUnknown: z.enum(['book_again', 'ask']).default('book_again'),
  /** Days after the end of an order's last shipment until what is known of people is erased (src/erasure); null: never. */
  personalDataDays: z
    .union([z.literal(30), z.literal(60), z.literal(90)])
    .nullable()
    .default(90),
  /** Hooks without the Standard Webhooks signature are refused. */
  requireSignedWebhooks: z.boolean().default(false),
});

/** Fields that name warehouses name those that there are. */
const consistent = settingsFields.superRefine(({ warehouses, storefronts }, context) => {
  const codes = warehouses.map((it) => it.code);
  for (const [i, it] of codes.entries()) {
    if (codes.findIndex((other) => sameCode(other, it)) === i) continue;
    context.addIssue({ code: 'custom', path: ['warehouses', i, 'code'], message: `"${it}" is another one's code too` });
  }
  for (const [channel, { warehouse: named }] of Object.entries(storefronts)) {
    if (named === undefined || codes.some((it) => sameCode(it, named))) continue;
    const message = `there is no warehouse "${named}"; known: ${codes.join(', ') || 'none'}`;
    context.addIssue({ code: 'custom', path: ['storefronts', channel, 'warehouse'], message });
  }
});

export const settingsSchema = z.preprocess(inTodaysForm, consistent);

export type Settings = z.infer<typeof settingsFields>;
export type Warehouse = Settings['warehouses'][number];

/** The defaults that a store starts with. */
export const defaultSettings = (): Settings => settingsSchema.parse({});
