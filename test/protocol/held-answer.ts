import type { Shop } from './shop.ts';

export interface HeldAnswer {
  /** It has come from the other side, and lies on the way. */
  readonly arrived: Promise<void>;
  readonly letGo: () => void;
}

/** The answer to the request that holds this text lies on the way until it is let go. Later ones pass. */
export function holdAnswer(shop: Shop, mark: string): HeldAnswer {
  let letGo = () => {};
  let isThere = () => {};
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  const arrived = new Promise<void>((resolve) => (isThere = resolve));
  shop.meddle(async (request, answer) => {
    if (!request.body?.includes(mark)) return answer;
    isThere();
    await gate;
    return answer;
  });
  return { arrived, letGo: () => letGo() };
}
