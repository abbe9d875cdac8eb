import { describe, expect, test } from 'vitest';
import { checkSizes, isSmallerThanLeast, isTooLargeForLockers } from '../../../src/booking/size-rules.ts';

const check = (service: string, sizeMillimetres: readonly [number, number, number] | null, ...addons: string[]) =>
  checkSizes({ service, addons }, [{ sku: 'HYLLY-1', sizeMillimetres }]);

describe('one unit of a product', () => {
  test.each([
    ['as large as the service takes is sent', 'PO2103', [1200, 600, 600], []],
    ['too long is not', 'PO2103', [1201, 100, 100], ['service_size_exceeded']],
    ['too thick for a mailbox is not', 'PO2461', [350, 250, 31], ['service_size_exceeded']],
    ['that fits when it is turned is sent', 'PO2461', [300, 200, 30], []],
    ['of a service without known limits is not checked', 'PO2104', [9000, 9000, 9000], []],
    ['of unknown size is not checked', 'PO2461', null, []],
    ['of an unknown service is left to the rule about services', 'PO9', [9000, 1, 1], []],
  ] as const)('one unit of a product %s', (_name, service, size, codes) => {
    expect(check(service, size).map(({ code }) => code)).toEqual(codes);
  });

  test('one unit of a product that is oversized is sent with the add-on for it, which is proposed', () => {
    const [problem] = check('PO2103', [1500, 700, 500]);
    expect(problem?.problem).toContain('HYLLY-1 is 150 × 70 × 50 cm');
    expect(problem?.problem).toContain('at most 120 × 60 × 60 cm');
    expect(problem?.remedy).toContain('SPTR');
    expect(check('PO2103', [1500, 700, 500], 'SPTR')).toEqual([]);
    expect(check('PO2103', [1801, 700, 500], 'SPTR')).toHaveLength(1);
    expect(check('PO2103', [1900, 700, 500])[0]?.remedy).not.toContain('SPTR');
  });
});

test('goods that fit into no locker are told from those that do', () => {
  const tooLarge = (service: string, size: readonly [number, number, number] | null) =>
    isTooLargeForLockers({ service }, [{ sku: 'HYLLY-1', sizeMillimetres: size }]);
  expect(tooLarge('PO2103', [600, 600, 360])).toBe(false);
  expect(tooLarge('PO2103', [600, 600, 361])).toBe(true);
  expect(tooLarge('PO2103', null)).toBe(false);
  expect(tooLarge('PO2104', [900, 600, 600])).toBe(false);
});

test('one small thing alone needs a larger box; what is packed together may not', () => {
  const sormus = { sku: 'SORMUS-1', sizeMillimetres: [30, 20, 5] as const, quantity: 1 };
  expect(isSmallerThanLeast({ service: 'PO2103' }, [sormus])).toBe(true);
  expect(isSmallerThanLeast({ service: 'PO2103' }, [sormus, sormus])).toBe(false);
  expect(isSmallerThanLeast({ service: 'PO2103' }, [{ ...sormus, quantity: 40 }])).toBe(false);
  expect(isSmallerThanLeast({ service: 'PO2461' }, [sormus])).toBe(false);
});
