import type { HttpRequest } from '../../src/http-client/sender.ts';
import type { Shop } from './shop.ts';

export interface Held {
  /** It has come to where it is held. */
  readonly arrived: Promise<void>;
  readonly letGo: () => void;
}

/** The answer to the request that holds this text lies on the way until it is let go. Later ones pass. */
export function holdAnswer(shop: Shop, mark: string): Held {
  const { hold, ...held } = gate(mark);
  shop.meddle(async (request, answer) => {
    await hold(request);
    return answer;
  });
  return held;
}

/** The request itself lies on the way, so that the other side has not heard of it before it is let go. Later ones pass. */
export function holdRequest(shop: Shop, mark: string): Held {
  const { hold, ...held } = gate(mark);
  shop.meddleBefore(hold);
  return held;
}

function gate(mark: string): Held & { readonly hold: (request: HttpRequest) => Promise<void> } {
  let letGo = () => {};
  let isThere = () => {};
  let isFirst = true;
  const opened = new Promise<void>((resolve) => (letGo = resolve));
  const arrived = new Promise<void>((resolve) => (isThere = resolve));
  return {
    arrived,
    letGo: () => letGo(),
    hold: async ({ body }) => {
      if (!isFirst || !body?.includes(mark)) return;
      isFirst = false;
      isThere();
      await opened;
    },
  };
}
