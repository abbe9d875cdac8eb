import { noTraces, type Traces, type TracesWanted } from './traces.ts';

/** Loads OpenTelemetry only where traces are wanted. */
export async function openTraces(wanted: TracesWanted | null): Promise<Traces> {
  if (wanted === null) return noTraces;
  const { createTraces } = await import('./opentelemetry.ts');
  return createTraces(wanted);
}
