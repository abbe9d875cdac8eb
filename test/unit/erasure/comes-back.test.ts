import { expect, test } from 'vitest';
import { comesBack } from '../../../src/erasure/comes-back.ts';
import { anOrder } from '../../support/order-builder.ts';
import { PlannedWorld } from '../../support/planned-world.ts';

/** An order whose goods were delivered, and what is looked at then. */
function delivered() {
  const world = new PlannedWorld();
  world.lookAndBook(anOrder().order);
  world.set(1, { phase: 'delivered' });
  return world;
}

test('an erased order stays erased where nothing of it has to be sent', () => {
  const world = delivered();
  expect(comesBack(world.plan(anOrder().order), world.shipments)).toBe(false);
  expect(comesBack(world.plan(anOrder().inStatus(5).order), world.shipments)).toBe(false);
  expect(comesBack(new PlannedWorld().plan(anOrder().inStatus(7).order), [])).toBe(false);
});

test('an erased order gets its personal data back when goods are added to it', () => {
  const world = delivered();
  expect(comesBack(world.plan(anOrder().with(2).order), world.shipments)).toBe(true);
});

test('an erased order gets its personal data back when one of its shipments is planned anew, or is still open', () => {
  const world = new PlannedWorld();
  world.look(anOrder().order);
  const edited = anOrder().with(1, { quantity: 2 }).order;
  expect(comesBack(world.plan(edited), [])).toBe(true);
  expect(comesBack({ ...world.plan(edited), decisions: [] }, world.shipments)).toBe(true);
});
