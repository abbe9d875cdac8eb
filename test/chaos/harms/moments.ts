/**
 * The boundaries of an order's steps, found from outside: either a request that a stand-in holds at a point of its work, or
 * a row that our database has just committed.
 */
export type Moment = RequestMoment | RowMoment;

export interface RequestMoment {
  readonly of: 'posti' | 'bigcommerce';
  readonly method: string;
  readonly path: string;
  /** `before`: nothing is carried out yet; `after`: carried out, no byte of the answer is out; `half`: half of it is. */
  readonly at: 'before' | 'after' | 'half';
}

export interface RowMoment {
  readonly table: string;
  readonly on: 'insert' | 'update';
}

const books = (at: RequestMoment['at']): Moment => ({ of: 'posti', method: 'POST', path: '/shipping/order$', at });
const tells = (at: RequestMoment['at']): Moment => ({ of: 'bigcommerce', method: 'POST', path: '/shipments$', at });
const looks = (at: RequestMoment['at']): Moment => ({ of: 'bigcommerce', method: 'GET', path: '/v2/orders/\\d+$', at });
const tracks = (at: RequestMoment['at']): Moment => ({ of: 'posti', method: 'GET', path: '/tracking/', at });

export const moments: Readonly<Record<string, Moment>> = {
  'before the shop is read': looks('before'),
  'the shop is read': looks('after'),
  'an order was written down': { table: 'orders', on: 'insert' },
  'a plan was written down': { table: 'plan_revisions', on: 'insert' },
  'an attempt was written down': { table: 'booking_attempts', on: 'insert' },
  'before Posti books': books('before'),
  'Posti has booked': books('after'),
  'Posti has answered by half': books('half'),
  'an attempt was closed': { table: 'booking_attempts', on: 'update' },
  'a label was kept': { table: 'labels', on: 'insert' },
  'a write-back was announced': { table: 'write_backs', on: 'insert' },
  'before the shop keeps a record': tells('before'),
  'the shop has kept a record': tells('after'),
  'the shop has answered by half': tells('half'),
  'a write-back was closed': { table: 'write_backs', on: 'update' },
  'before Posti is asked for scans': tracks('before'),
  'Posti tells of scans': tracks('after'),
  'a scan was written down': { table: 'tracking_events', on: 'insert' },
  'a shipment moved': { table: 'shipments', on: 'update' },
  'a command was written down': { table: 'commands', on: 'insert' },
  'a command was carried out': { table: 'commands', on: 'update' },
  'a hint was written down': { table: 'inbox', on: 'insert' },
  'a hint was dispatched': { table: 'inbox', on: 'update' },
};
