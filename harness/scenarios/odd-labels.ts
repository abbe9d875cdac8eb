import { called, withALateHeader, withATurnedLabel } from '../people.ts';
import { delivered, type Scenario } from '../scenario.ts';
import { home, toHome } from './orders.ts';

const odd = (name: string, firstName: string): Scenario => ({
  name,
  shop: 'live',
  order: (person) => toHome(called(firstName, person)),
  later: [
    {
      what: 'is in a file of labels',
      when: ({ shipments: [first] }) => first?.labelKept === true,
      act: ({ isInTheMergedFile }) => isInTheMergedFile(),
    },
  ],
  end: delivered({ ...home, units: 2 }),
});

/** Files that are right, and made in another way than most. */
export const oddLabels: readonly Scenario[] = [
  odd('label on its side', withATurnedLabel),
  odd('label with bytes before it', withALateHeader),
];
