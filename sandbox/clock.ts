/** One point of the clock's line: at real time `realMs` it showed `clockMs` and ran `speed` times as fast as the wall. */
export interface ClockSnapshot {
  realMs: number;
  clockMs: number;
  speed: number;
  /** The lines that it ran along before, oldest first. */
  past?: Omit<ClockSnapshot, 'past'>[];
}

/** The stand-ins' own clock. It can run fast and jump ahead, never back, and goes on where it was after a restart. */
export interface SandboxClock {
  now(): Date;
  readonly speed: number;
  setSpeed(speed: number): void;
  /** Jumps ahead by this many clock milliseconds. */
  advance(ms: number): void;
  /** Real milliseconds in which this many clock milliseconds pass, at today's speed. */
  realDelay(clockMs: number): number;
  /**
   * The wall's time at which this clock showed an instant, the same at every asking. What leaves over the wire is wall
   * time: others compare it with clocks of their own, and a fast clock shortens days, it does not move the calendar.
   */
  wallTime(instant: Date): Date;
  snapshot(): ClockSnapshot;
  /** Calls back after every change of speed and every jump, for timers that must be set anew. Returns the way to stop. */
  onChange(listener: () => void): () => void;
}

/** `speed` overrides the restored one from now on; without either, the clock shows the wall's time. */
export function createClock(opts: { speed?: number; restored?: ClockSnapshot | undefined } = {}): SandboxClock {
  const real = () => Date.now();
  const { past = [], ...restored } = opts.restored ?? { realMs: real(), clockMs: real(), speed: opts.speed ?? 1 };
  let line: Omit<ClockSnapshot, 'past'> = restored;
  const listeners = new Set<() => void>();

  const nowMs = () => line.clockMs + Math.max(0, real() - line.realMs) * line.speed;
  const bend = (jumpMs: number, speed: number) => {
    const clockMs = nowMs() + jumpMs;
    past.push(line);
    line = { realMs: real(), clockMs, speed };
    for (const listener of listeners) listener();
  };
  if (opts.speed !== undefined && opts.speed !== line.speed) bend(0, checkedSpeed(opts.speed));

  return {
    now: () => new Date(nowMs()),
    get speed() {
      return line.speed;
    },
    setSpeed: (speed) => bend(0, checkedSpeed(speed)),
    advance: (ms) => {
      if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`The clock goes forward only, not by ${ms} ms.`);
      bend(ms, line.speed);
    },
    realDelay: (clockMs) => clockMs / line.speed,
    wallTime: (instant) => {
      const at = instant.getTime();
      const lines = [...past, line];
      const index = Math.max(
        0,
        lines.findLastIndex((each) => each.clockMs <= at),
      );
      const { realMs, clockMs, speed } = lines[index] ?? line;
      // What a jump left out happened when it jumped.
      return new Date(Math.min(Math.round(realMs + (at - clockMs) / speed), lines[index + 1]?.realMs ?? Infinity));
    },
    snapshot: () => ({ ...line, past: [...past] }),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function checkedSpeed(speed: number): number {
  if (!Number.isFinite(speed) || speed <= 0) throw new RangeError(`The clock's speed must be above 0, not ${speed}.`);
  return speed;
}
