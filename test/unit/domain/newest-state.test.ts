import { expect, test } from 'vitest';
import { newestState } from '../../../src/domain/newest-state.ts';
import { aFollowedShipment, anOrder, aShipment, attention } from '../../workflows/support/order-states.ts';

const ref = { storeHash: 'abc', orderId: 100 };

test('a step that read before an edit was noticed does not call the order under way again', () => {
  const noticed = anOrder(ref, {
    shipments: [aFollowedShipment({ transition: 3, attention: attention('label_no_longer_matches') })],
    unshipped: { refunded: 1 },
  });
  const readBefore = anOrder(ref, { shipments: [aFollowedShipment({ transition: 2, deliveryStatus: 'registered' })] });
  expect(newestState(noticed, readBefore)).toEqual(noticed);
});

test('a step that read before a shipment was planned does not lose it', () => {
  const first = aFollowedShipment({ transition: 4 });
  const planned = anOrder(ref, { shipments: [first, aShipment({ n: 2 })] });
  expect(newestState(planned, anOrder(ref, { shipments: [first] }))).toEqual(planned);
});

test('a step that read before one shipment moved, and brings another that was planned, keeps both', () => {
  const moved = aFollowedShipment({ transition: 4 });
  const before = anOrder(ref, { shipments: [moved] });
  const now = anOrder(ref, { shipments: [aFollowedShipment({ transition: 3 }), aShipment({ n: 2 })] });
  expect(newestState(before, now).shipments).toEqual([moved, aShipment({ n: 2 })]);
});

test('where two steps crossed, each shipment is as whoever wrote last says, and the phase follows from both', () => {
  const before = anOrder(ref, {
    shipments: [aFollowedShipment({ transition: 6, phase: 'delivered' }), aFollowedShipment({ n: 2, transition: 2 })],
  });
  const now = anOrder(ref, {
    shipments: [aFollowedShipment({ transition: 5 }), aFollowedShipment({ n: 2, transition: 3, phase: 'delivered' })],
  });
  expect(newestState(before, now)).toMatchObject({
    phase: 'done',
    shipments: [{ phase: 'delivered' }, { phase: 'delivered' }],
  });
});

test('a state that is as new or newer replaces the whole one', () => {
  const before = anOrder(ref, { onHold: true });
  const now = anOrder(ref, { onHold: false });
  expect(newestState(before, now)).toEqual(now);
});
