import { expect, test } from 'vitest';
import {
  called,
  inCyrillic,
  neverCollected,
  personFor,
  keptAtTheSender,
  staysOnTheRoad,
  withLongName,
} from '../../../harness/people.ts';
import { arrangeLines } from '../../../src/booking/name-lines.ts';

const onThermal = { width: 20, contact: false, street: true };
const lines = ({ firstName, lastName, street }: ReturnType<typeof personFor>) =>
  arrangeLines({ company: null, firstName, lastName }, [street], onThermal);

test.each([1, 12, 9_999, 99_999])('the people of the demo fit on a thermal label, whole (%d)', (n) => {
  const person = personFor(n);
  const names = [
    person,
    inCyrillic(person),
    ...[keptAtTheSender, staysOnTheRoad, neverCollected].map((it) => called(it, person)),
  ];
  for (const each of names)
    expect(lines(each)).toMatchObject({ name: `${each.firstName} ${each.lastName}`, shortened: false });
});

test('one person of the demo has a name that does not fit whole: its first names become initials', () => {
  const person = withLongName(personFor(12));
  expect(`${person.firstName} ${person.lastName}`).toHaveLength(60);
  expect(lines(person)).toMatchObject({ name: 'A. L. Kanaria0012', shortened: true });
});
