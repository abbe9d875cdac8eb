import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createMetrics } from '../../../src/metrics/metrics.ts';
import { attentions } from '../../../src/shipments/attention.ts';
import { alertRules, dashboardExpressions, deployedMetrics } from './deployed.ts';

const manual = readFileSync(fileURLToPath(new URL('../../../docs/operations.md', import.meta.url)), 'utf8');
const rules = alertRules();

/** What a process serves, with nothing behind it: names and types are there before any value is. */
async function served(): Promise<string> {
  const metrics = createMetrics({ log: { warn: () => {} } });
  const health = {
    ...{ running: true, trouble: { database: null, engine: null }, inFlight: 0 },
    ...{ hints: { dispatched: 0, coalesced: 0, ofStoresNotConnected: 0 }, commands: { closed: 0, sentAgain: 0 } },
  };
  metrics.observe({
    database: { query: () => Promise.reject(new Error('none here')) },
    engine: { health: () => Promise.resolve({ ok: true, tookMs: 0, problem: null }) },
    relay: { health: () => health },
    exchanges: { dropped: () => 0 },
    bigcommerce: { quota: () => undefined },
  });
  return metrics.text();
}

test('every metric of rules and dashboard is one that the product serves', async () => {
  const text = await served();
  const ours = deployedMetrics().filter((name) => !name.startsWith('temporal_'));
  expect(ours.length).toBeGreaterThan(20);
  const families = ours.map((name) => name.replace(/(?<=_seconds)_(bucket|count|sum)$/, ''));
  expect(families.filter((name) => !text.includes(`# TYPE ${name} `))).toEqual([]);
});

test('every metric of the product is on the dashboard or in a rule', async () => {
  const deployed = deployedMetrics().join('\n');
  const names = [...(await served()).matchAll(/^# TYPE (lahetti_\w+) /gm)].map(([, name]) => name!);
  expect(names.filter((name) => !deployed.includes(name))).toEqual([]);
});

describe('alerts', () => {
  test.each(rules)('the alert $alert has its entry in the manual, with what to do', ({ alert }) => {
    const entry = new RegExp(`^### \`${alert}\`\\n([^#]*)`, 'm').exec(manual)?.[1];
    expect(entry, `docs/operations.md has no entry "### \`${alert}\`"`).toBeDefined();
    expect(entry!.trim().length).toBeGreaterThan(80);
  });

  test('alerts that the manual explains exist', () => {
    const explained = [...manual.matchAll(/^### `(Lahetti\w+)`$/gm)].map(([, alert]) => alert!);
    expect(explained).toEqual(expect.arrayContaining(rules.map(({ alert }) => alert)));
    expect(explained.filter((alert) => !rules.some((rule) => rule.alert === alert))).toEqual([]);
  });

  test('alerts have a severity and a sentence', () => {
    for (const { alert, labels, annotations } of rules) {
      expect(['critical', 'warning'], alert).toContain(labels['severity']);
      expect(annotations['summary'], alert).toMatch(/\.$/);
    }
  });

  test('alerts have unique names', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });
});

test('labels that rules and dashboard filter by have values that exist', () => {
  const all = [...rules, ...dashboardExpressions()].map(({ expr }) => expr).join('\n');
  const reasons = [...all.matchAll(/reason="(\w+)"/g)].map(([, reason]) => reason!);
  expect(reasons.filter((reason) => reason !== 'NonDeterminismError' && !(reason in attentions))).toEqual([]);
  const phases = [...all.matchAll(/phase="(\w+)"/g)].map(([, phase]) => phase);
  const known = ['waiting', 'under_way', 'needs_attention', 'done', 'ignored', 'cancelled'];
  expect(known).toEqual(expect.arrayContaining(phases));
});
