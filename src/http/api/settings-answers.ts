import { z } from 'zod';
import type { SettingsPreview } from '../../stores/settings-preview.ts';
import { integer } from './fields.ts';
import type { Wire } from './route.ts';

/** What the API says of a preview of settings. */

const outcomes = z.object({ ships: integer, needs_attention: integer, waits: integer, ignored: integer });
const differenceNames = ['outcome', 'reasons', 'service', 'pickupPoint', 'warehouse', 'parcels', 'label'] as const;

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
  })
  .meta({ id: 'SettingsPreview' }) satisfies z.ZodType<Wire<SettingsPreview>>;
