import type fc from 'fast-check';
import type { OrderInPlay } from './order-in-play.ts';
import type { Story } from './story.ts';

/** One move of the game. Its name is what is read of it when a story goes wrong. */
export type Move = fc.AsyncCommand<Story, OrderInPlay>;

export interface MoveParts {
  readonly name: string;
  /** Whether it makes sense now. Left out: always. */
  readonly fits?: (story: Readonly<Story>) => boolean;
  readonly play: (order: OrderInPlay, story: Story) => Promise<void>;
  /** The next move comes before this one has come to its rest. */
  readonly hurried?: boolean;
}

export function move({ name, fits, play, hurried = false }: MoveParts): Move {
  return {
    check: (story) => fits?.(story) ?? true,
    async run(story, order) {
      await play(order, story);
      if (hurried) story.stir();
      else await story.settle(order);
    },
    toString: () => `${name}${hurried ? ', and at once' : ''}`,
  };
}
