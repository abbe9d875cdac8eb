import { z } from 'zod';
import type { SettingsPreview } from '../../../planning/settings-preview.ts';
import { integer } from '../frame/fields.ts';
import type { Wire } from '../frame/route.ts';

/** What the API says of a preview of settings. */

const outcomes = z.object({ ships: integer, needs_attention: integer, waits: integer, ignored: integer });
const differenceNames = ['outcome', 'reasons', 'service', 'pickupPoint', 'warehouse', 'parcels', 'label'] as const;

const reasonsNotToJudge = [
  'read_by_an_older_version',
  'pickup_point_not_read',
  'warehouse_not_read',
  'erased',
] as const;

const prospect = z
  .object({
    outcome: z.enum(['ships', 'needs_attention', 'waits', 'ignored']),
    reasons: z.array(z.string()),
    shipments: z.array(
      z.object({
        service: z.string(),
        addons: z.array(z.string()).readonly(),
        pickupPointId: z.string().nullable(),
        contractNumber: z.string(),
        labelSize: z.string(),
        parcels: integer,
        weightGrams: integer,
      }),
    ),
  })
  .meta({ id: 'Prospect', description: 'What settings would make of one order.' });

export const settingsPreview = z
  .object({
    orders: integer,
    cut: z.boolean().meta({ description: 'There were more orders: the youngest were taken.' }),
    before: outcomes,
    after: outcomes,
    differing: z.object({
      ...{ orders: integer, outcome: integer, reasons: integer, service: integer, pickupPoint: integer },
      ...{ warehouse: integer, parcels: integer, label: integer },
    }),
    differences: z.array(
      z.object({
        orderId: integer,
        past: z.boolean().meta({ description: 'Booked already: this would become of an order like it.' }),
        what: z.array(z.enum(differenceNames)).readonly(),
        before: prospect,
        after: prospect,
      }),
    ),
    notJudged: z
      .object({
        ...{ orders: integer, read_by_an_older_version: integer, pickup_point_not_read: integer },
        ...{ warehouse_not_read: integer, erased: integer },
        listed: z.array(z.object({ orderId: integer, why: z.array(z.enum(reasonsNotToJudge)).readonly() })),
      })
      .meta({
        description:
          'Orders of which nobody can say, in none of the other numbers: their people were erased; or the settings look for pickup point or warehouse where nobody looked when the order was read, or a version read it that kept less. `reprocess` reads an order again.',
      }),
  })
  .meta({ id: 'SettingsPreview' }) satisfies z.ZodType<Wire<SettingsPreview>>;
