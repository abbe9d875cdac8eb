import { describe, expect, test } from 'vitest';
import { labelLooksOdd, postiRefused, scanOnOrphan, type StrayScan } from '../../../src/booking/attentions.ts';

const ref = { storeHash: 'abc', orderId: 10482, n: 2 };

describe('what Posti refused', () => {
  test.each([
    ['E41', 'pickup_point_inactive', 'another pickup point'],
    ['pickup_point_inactive', 'pickup_point_inactive', 'another pickup point'],
    ['http_422', 'posti_refused', 'Correct the order'],
  ])('a refusal by Posti with %s needs attention as %s, with what to do', (code, expected, remedy) => {
    const problem = postiRefused(ref, { code, words: 'Not this.' });
    expect(problem).toMatchObject({ code: expected, problem: 'Posti refused shipment 2 of order 10482: Not this.' });
    expect(problem.remedy).toContain(remedy);
  });

  test('a refusal by Posti without a text is named by its code', () =>
    expect(postiRefused(ref, { code: 'http_422', words: '' }).problem).toMatch(/: http_422$/));
});

test('every doubt about a label is named', () => {
  const { problem } = labelLooksOdd(ref, [{ words: 'it has a script' }, { words: 'it has no page' }]);
  expect(problem).toMatch(/^The label of shipment 2 of order 10482 .*: it has a script; it has no page\.$/);
});

describe('a scan of a parcel that should not be under way', () => {
  const stray = (changes: Partial<StrayScan> = {}): StrayScan => ({
    ...{ trackingNumber: 'JJFI65432100000000001', attempt: 1, watch: 'superseded' },
    scan: { status: 'in_transit', at: new Date('2026-06-18T14:23:09Z'), place: 'TAMPERE' },
    ...changes,
  });

  test('a scan of a superseded parcel is reported with what was scanned, where and when', () =>
    expect(scanOnOrphan(ref, stray()).problem).toMatch(
      /^Posti scanned parcel JJFI65432100000000001 .* shipment 2, whose label \(attempt 1\) .*: in transit, TAMPERE, 2026-06-18 14:23 UTC\.$/,
    ));

  test('a scan of a superseded parcel is reported without the place and time that are not known', () =>
    expect(scanOnOrphan(ref, stray({ scan: { status: 'delivered', at: null, place: null } })).problem).toMatch(
      /: delivered\.$/,
    ));

  test('a scan of a lost booking asks who printed its label', () => {
    const { problem, remedy } = scanOnOrphan(ref, stray({ watch: 'confirmed_orphan' }));
    expect(problem).toContain('whose label we never got');
    expect(remedy).toContain('who printed a label');
    expect(scanOnOrphan(ref, stray()).remedy).toContain('which label the goods left with');
  });
});
