import { z } from 'zod';

/** Unknown and misplaced fields are ignored without a word (posti.md 4.2 [V-obs]): nothing here is strict. */
const party = z.object({
  quickId: z.string().optional(),
  name: z.string().optional(),
  contact: z.string().optional(),
  address1: z.string().optional(),
  address2: z.string().optional(),
  zipcode: z.string().optional(),
  city: z.string().optional(),
  state: z.string().optional(),
  country: z.string().optional(),
  mobile: z.string().optional(),
  phone: z.string().optional(),
  email: z.string().optional(),
});

const parcelRow = z.object({
  copies: z.number().int().min(1),
  /** Required by this API, unlike by the one that it mirrors (posti.md 4.3 [V CLI issues]). */
  valuePerParcel: z.boolean(),
  weight: z.number().min(0).optional(),
  contents: z.string().optional(),
});

const orderRequest = z.object({
  printConfig: z.object({ target1Media: z.string() }),
  shipment: z.object({
    senderPartners: z.array(z.object({ id: z.string().optional(), custNo: z.string() })).min(1),
    sender: party,
    receiver: party,
    agent: party.optional(),
    service: z.object({ id: z.string(), addons: z.array(z.object({ id: z.string() })).optional() }),
    parcels: z.array(parcelRow).min(1),
    orderNo: z.string().optional(),
    senderReference: z.string().optional(),
    freeText1: z.string().optional(),
  }),
});

export type OrderRequest = z.infer<typeof orderRequest>;
export type WireParty = z.infer<typeof party>;

/** One complaint in the family's error shape (posti.md 4.6, SmartShip). */
export interface OrderError {
  type: 'error';
  field: string;
  location: string;
  messageCode: string;
  message: string;
}

export function orderError(location: string, messageCode: string, message: string): OrderError {
  return { type: 'error', field: location.split('.').at(-1) ?? location, location, messageCode, message };
}

/** The request as far as it can be read, or what is wrong with its shape. */
export function readOrder(body: unknown): { order: OrderRequest } | { errors: OrderError[] } {
  const read = orderRequest.safeParse(body);
  if (read.success) return { order: read.data };
  return {
    errors: read.error.issues.map((issue) => {
      const location = issue.path.join('.');
      const missing = issue.message.includes('received undefined');
      const messageCode = missing ? 'MISSING' : 'ILLEGAL';
      return orderError(location, messageCode, `${location}: ${missing ? 'is missing' : issue.message}`);
    }),
  };
}
