import { z } from 'zod';
import type { OrderWithCommands, ShipmentState, ShipmentWithCommands } from '../../../domain/order-state.ts';
import type { UnshippedReason } from '../../../domain/reasons.ts';
import type { CommandKind } from '../../../domain/commands.ts';
import { commandBodies } from '../../../commands/body.ts';
import type { UnreadOrder } from '../../../orders/unread-orders.sql.ts';
import { instant, instantOrNull, integer, namedOrNull, orderId, page, storeHash } from '../frame/fields.ts';
import type { NextStep, OrderView } from '../../../orders/view.ts';
import type { ExchangeView, OrderHead, ShipmentDetail, TimelineEntry } from '../../../orders/search.sql.ts';
import type { Wire } from '../frame/route.ts';

/** What the API says of an order. `satisfies` sees to it that nothing of ours is left out without our knowing. */

export const commandKind = z.enum(Object.keys(commandBodies) as [CommandKind, ...CommandKind[]]);
export const orderPhase = z.enum(['waiting', 'under_way', 'needs_attention', 'done', 'ignored', 'cancelled']);

const unshippedReason = z.enum([
  'digital',
  'gift_certificate',
  'merchant_pickup',
  'refunded',
  'shipped_by_somebody_else',
  'status_not_chosen',
  'never_in_a_chosen_status',
  'marked_as_shipped',
  'order_cancelled',
  'archived',
  'cancelled_by_a_person',
  'before_the_cut_off_date',
  'store_in_observe_mode',
  'on_hold',
  'needs_attention',
]) satisfies z.ZodType<UnshippedReason>;

const attention = z
  .object({ code: z.string(), since: instant, commands: z.array(commandKind).readonly() })
  .meta({ id: 'Attention', description: 'What a person has to look at, and which commands would help.' });

const offered = z.array(commandKind).readonly().meta({ description: 'The commands that apply now.' });

const shipmentState = z
  .object({
    n: integer.meta({ description: 'Number of the shipment within its order: 1, 2, …' }),
    phase: z.enum(['planned', 'booked', 'delivered', 'returned', 'cancelled']),
    since: instant,
    blocked: unshippedReason.nullable(),
    attention: namedOrNull(attention),
    cancelling: z.boolean(),
    lookAgain: z.boolean(),
    attempts: integer,
    attemptOut: z.boolean(),
    labelKept: z.boolean(),
    labelHandedOut: z.boolean(),
    told: z.enum(['not_yet', 'waits_for_print', 'waits_for_first_scan', 'told', 'refused', 'withdrawn']),
    trackingNumbers: z.array(z.string()).readonly(),
    deliveryStatus: z.enum([
      ...['unknown', 'registered', 'received', 'in_transit', 'customs', 'out_for_delivery'],
      ...['ready_for_pickup', 'delivered', 'returning', 'returned'],
    ] as [ShipmentState['deliveryStatus'], ...ShipmentState['deliveryStatus'][]]),
    transition: integer,
    bookable: z.boolean().optional(),
    keptBack: z.boolean().optional(),
    commands: offered,
  })
  .meta({ id: 'ShipmentState' }) satisfies z.ZodType<Wire<ShipmentWithCommands>>;

export const orderState = z
  .object({
    storeHash: z.string(),
    orderId: integer,
    phase: orderPhase,
    since: instant,
    attention: namedOrNull(attention),
    onHold: z.boolean(),
    unshipped: z.partialRecord(unshippedReason, integer),
    shipments: z.array(shipmentState).readonly(),
    shopStatus: z
      .object({
        id: integer.meta({ description: "The order's status in the shop when it was last planned." }),
        decides: integer.meta({
          description: 'The status that decides: an earlier one, where the shop set `id` by itself.',
        }),
        ships: z.array(integer).readonly().meta({ description: 'Statuses that the store ships.' }),
      })
      .optional(),
    commands: offered,
  })
  .meta({ id: 'OrderState' }) satisfies z.ZodType<Wire<OrderWithCommands>>;

export const orderHead = z
  .object({
    storeHash: z.string(),
    orderId: integer,
    statusId: integer,
    channelId: integer,
    currency: z.string(),
    totalMinor: integer.meta({ description: 'In the smallest unit of the currency.' }),
    unitsTotal: integer,
    archived: z.boolean(),
    createdAt: instant,
    modifiedAt: instant,
    readAt: instant,
    phase: orderPhase,
    since: instant,
    erasedAt: instantOrNull.meta({ description: 'When what was known of its people was erased.' }),
    destinations: z.array(z.object({ city: z.string().nullable(), country: z.string().nullable() })).readonly(),
  })
  .meta({ id: 'OrderHead' }) satisfies z.ZodType<Wire<OrderHead>>;

export const unreadOrder = z
  .object({
    storeHash: z.string(),
    orderId: integer,
    since: instant.meta({
      description: 'Its first hint; of an order that was read before, the first look that failed.',
    }),
    failingSince: instantOrNull.meta({ description: 'Null until a look at it fails.' }),
    tries: integer,
    triedAt: instantOrNull,
    nextTryAt: instantOrNull,
    code: z.string().nullable(),
    failure: z.string().nullable().meta({ description: 'Of the last look, with nothing about a person.' }),
    attention: namedOrNull(attention),
  })
  .meta({ id: 'UnreadOrder', description: 'An order that we heard of and have not read since.' }) satisfies z.ZodType<
  Wire<UnreadOrder>
>;

const shipmentDetail = z
  .object({
    n: integer,
    revision: integer,
    service: z.string().nullable(),
    warehouse: z.string().nullable(),
    contractNumber: z.string().nullable(),
    attempts: z.array(
      z.object({
        attempt: integer,
        reference: z.string(),
        state: z.string(),
        code: z.string().nullable(),
        watch: z.string().nullable(),
        watchUntil: instantOrNull,
        sentAt: instant,
        closedAt: instantOrNull,
        parcels: z.array(
          z.object({
            trackingNumber: z.string(),
            weightGrams: integer,
            measuredWeightGrams: integer.nullable(),
            deliveryStatus: z.string(),
          }),
        ),
        labels: z.array(z.object({ id: integer, kind: z.string(), media: z.string() })),
      }),
    ),
  })
  .meta({ id: 'ShipmentDetail' }) satisfies z.ZodType<Wire<ShipmentDetail>>;

const nextStep = z
  .object({
    name: z.string(),
    attempt: integer,
    polls: z.boolean().meta({ description: 'It asks from time to time how far a parcel is; nothing failed.' }),
    startedAt: instantOrNull,
    lastFailure: z.string().nullable(),
    nextAttemptAt: instantOrNull,
    words: z.string(),
  })
  .meta({ id: 'NextStep', description: 'A step that the engine carries out or will try again.' }) satisfies z.ZodType<
  Wire<NextStep>
>;

export const orderView = z
  .object({
    state: namedOrNull(orderState),
    whyNotShipped: z
      .array(z.string())
      .readonly()
      .meta({ description: 'Why units wait or are left alone, and what would have to change: a sentence for each.' }),
    source: z.enum(['workflow', 'database']),
    engine: z.enum(['running', 'not_running', 'engine_away']),
    next: z.array(nextStep),
    order: namedOrNull(orderHead),
    unread: namedOrNull(unreadOrder),
    shipments: z.array(shipmentDetail),
  })
  .meta({ id: 'Order' }) satisfies z.ZodType<Wire<OrderView>>;

export const timelineEntry = z
  .object({
    id: integer,
    n: integer.nullable(),
    at: instant,
    what: z.string(),
    words: z.string(),
    who: z.string(),
  })
  .meta({ id: 'TimelineEntry' }) satisfies z.ZodType<Wire<TimelineEntry>>;

export const exchangeView = z
  .object({
    id: integer,
    at: instant,
    system: z.string(),
    n: integer.nullable(),
    purpose: z.string(),
    method: z.string(),
    path: z.string(),
    status: integer.nullable(),
    durationMs: integer,
    errorCode: z.string().nullable(),
    requestId: z.string().nullable(),
    request: z.unknown(),
    response: z.unknown(),
  })
  .meta({
    id: 'Exchange',
    description: 'A logged call; its bodies were redacted before they were kept.',
  }) satisfies z.ZodType<Wire<ExchangeView>>;

const words = z.string().regex(/^[^\p{Cc}]*$/u, 'has characters that nobody can see');
const since = z.union([z.iso.datetime({ offset: true }), z.iso.date()]).transform((text) => new Date(text));

/** What a list of orders is asked with. All that is given has to fit. */
export const orderSearch = page.extend({
  store: storeHash.optional(),
  number: orderId.optional(),
  tracking: words
    .min(3)
    .max(50)
    .optional()
    .meta({ description: 'A tracking number, also one that was superseded since.' }),
  recipient: words.min(2).max(200).optional().meta({
    description:
      'Beginnings of words of a name, a company or an e-mail address; all of them have to be there. Small and capital letters, with marks or without: "aijala" finds Äijälä, and the reverse.',
  }),
  phase: orderPhase.optional(),
  attention: z
    .string()
    .regex(/^[a-z0-9_]{1,60}$/, 'is not a code')
    .optional()
    .meta({ description: 'The code of what it needs attention for.' }),
  placedFrom: since.optional().meta({ description: 'Placed then or later; a date alone begins at midnight UTC.' }),
  placedBefore: since.optional(),
});
