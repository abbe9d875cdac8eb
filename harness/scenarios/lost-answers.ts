import { delivered, waits, type AttemptEnd, type Scenario } from '../scenario.ts';
import type { PostiFault } from '../posti.ts';
import { home, status, toHome, unpaid } from './orders.ts';

const troubled = (name: string, postiFault: PostiFault, ...attempts: readonly AttemptEnd[]): Scenario => ({
  name,
  shop: 'live',
  order: (person) => toHome(person),
  postiFault,
  end: delivered({ ...home, attempts }),
});

const inASecond = { headers: { 'retry-after': '1' } };

/** Requests that are carried out and not answered, or answered and not carried out. */
export const lostAnswers: readonly Scenario[] = [
  troubled('Posti hangs up', { kind: 'hangup-after' }, 'unknown', 'live'),
  troubled('half an answer', { kind: 'half-answer' }, 'unknown', 'live'),
  troubled('500 after success', { kind: 'status', status: 500, after: true }, 'unknown', 'live'),
  troubled('HTML for an answer', { kind: 'html' }, 'unknown', 'live'),
  troubled('Posti is busy', { kind: 'throttle', ...inASecond }, 'failed', 'live'),
  troubled('Posti is closed', { kind: 'status', status: 503, ...inASecond }, 'failed', 'live'),
  {
    name: 'shop answers 500',
    shop: 'live',
    order: unpaid,
    later: [
      {
        what: 'is paid, and its record is kept without an answer',
        when: waits,
        act: async ({ shop }) => {
          await shop.spoilRecord();
          await shop.pay();
        },
      },
    ],
    end: { ...delivered({ ...home, units: 2 }), shopStatus: status.shipped },
  },
  {
    name: 'webhook lost',
    shop: 'live',
    order: (person) => ({ ...toHome(person), statusId: status.incomplete }),
    later: [
      {
        what: 'is paid, and nobody says so',
        when: waits,
        act: ({ shop }) => shop.change({ losesHooks: true, statusId: status.awaitingFulfillment }),
      },
    ],
    end: delivered(home),
  },
  {
    name: 'hooks in a burst',
    shop: 'live',
    order: (person) => toHome(person),
    later: [{ what: 'is told of 30 times', when: () => true, act: ({ shop }) => shop.hookAgain(30) }],
    end: delivered({ ...home, units: 2 }),
  },
];
