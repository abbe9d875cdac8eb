import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createIncident, type Incident } from '../../../src/inbox/incident.ts';

const log = { info: vi.fn(), warn: vi.fn() };
let incident: Incident;

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  incident = createIncident('engine', log);
  vi.advanceTimersByTime(1_000);
});
afterEach(() => void vi.useRealTimers());

const fail = () => incident.failed(new Error('away'));

describe('without trouble', () => {
  test('a system without an incident may be called as often as fits', () =>
    expect([incident.allowed(20), incident.state()]).toEqual([20, null]));
  test('a system without an incident reports no recovery when a call succeeds', () => {
    incident.over();
    expect(log.info).not.toHaveBeenCalled();
  });
});

describe('in trouble', () => {
  test.each([
    [1, 200],
    [2, 400],
    [3, 800],
    [5, 3_200],
    [6, 5_000],
    [60, 5_000],
  ])('an incident pauses calls after failure %i for %i ms, then lets one through', (failures, pauseMs) => {
    for (let i = 0; i < failures; i++) fail();
    expect(incident.allowed(20)).toBe(0);
    vi.advanceTimersByTime(pauseMs - 1);
    expect(incident.allowed(20)).toBe(0);
    vi.advanceTimersByTime(1);
    expect([incident.allowed(20), incident.allowed(0)]).toEqual([1, 0]);
  });

  test('an incident is reported once when it began, and once when it is over', () => {
    fail();
    const since = new Date();
    expect(incident.state()).toEqual({ since, failures: 1, problem: 'away' });
    vi.advanceTimersByTime(500);
    incident.failed('no connection');
    expect(incident.state()).toEqual({ since, failures: 2, problem: 'no connection' });
    expect(log.warn).toHaveBeenCalledTimes(1);
    incident.over();
    incident.over();
    expect(log.info).toHaveBeenCalledTimes(1);
    expect([incident.state(), incident.allowed(20)]).toEqual([null, 20]);
  });

  test('a call that began before a success, and failed after it, opens no incident', () => {
    const beganAt = performance.now();
    vi.advanceTimersByTime(10);
    incident.over();
    vi.advanceTimersByTime(10);
    incident.failed(new Error('late'), beganAt);
    expect(incident.state()).toBeNull();
    incident.failed(new Error('now'), performance.now());
    incident.failed(new Error('late'), beganAt);
    expect(incident.state()).toMatchObject({ failures: 2 });
  });
});
