import { expect, test } from 'vitest';
import { attentions } from '../../../src/shipments/attention.ts';
import { asThingsAre } from '../../../src/planning/after-hand-over.ts';
import { withCommands } from '../../../src/domain/offered-commands.ts';
import { aFollowedShipment, anOrder } from '../../workflows/support/order-states.ts';

const ref = { storeHash: 'kotikauppa1', orderId: 10482 };
const problem = (code: string) => ({
  code,
  field: 'order',
  problem: 'Something is so.',
  remedy: 'Cancel the shipment.',
});

const ofBooked = ['label_no_longer_matches', 'refunded_after_booking', 'shop_shipment_deleted'];

test.each([...ofBooked, 'label_handed_out', 'label_looks_odd'])(
  'the attention %s advises no cancelling once the parcel is handed over, where it would be refused',
  (code) => {
    const [after] = asThingsAre([problem(code)], 'in_transit');
    expect(after?.remedy).toContain('resolve');
    expect(after?.remedy).not.toMatch(/cancel|change the shipment/i);
    expect(asThingsAre([problem(code)], 'registered')).toEqual([problem(code)]);

    const attention = { code, since: '2026-08-03T09:00:00.000Z', commands: attentions[code] ?? [] };
    const shipments = [aFollowedShipment({ attention, deliveryStatus: 'in_transit' })];
    expect(withCommands(anOrder(ref, { shipments })).shipments[0]?.attention?.commands).toEqual(['resolve']);
  },
);
