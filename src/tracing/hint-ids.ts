import { createHash } from 'node:crypto';

export interface HintIds {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
}

/**
 * The trace of a hint, made from its key: who takes it in and who hands it over, maybe in another process and hours later,
 * come to the same ids without having to be told.
 */
export function hintIds({ storeId, deliveryKey }: Pick<HintKey, 'storeId' | 'deliveryKey'>): HintIds {
  const digest = createHash('sha256').update(`${storeId}/${deliveryKey}`).digest('hex');
  return { traceId: digest.slice(0, 32), spanId: digest.slice(32, 48) };
}

/** What makes a hint the same hint wherever it is looked at (lahetti.inbox). */
export interface HintKey {
  readonly storeId: number;
  readonly deliveryKey: string;
  readonly source: string;
}
