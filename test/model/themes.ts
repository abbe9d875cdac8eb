import fc from 'fast-check';
import { carrierMoves, carrierTroubles } from './carrier-moves.ts';
import type { Move } from './move.ts';
import { operatorMoves } from './operator-moves.ts';
import type { OrderInPlay } from './order-in-play.ts';
import { shopMoves, shopTroubles } from './shop-moves.ts';
import type { Story } from './story.ts';

/**
 * What a story is mostly about. Of all moves in any order most come to nothing; moves that have to do with each other meet
 * at the same moment far more often.
 */
interface Theme {
  /** What is wrong from the first booking on. */
  readonly first: fc.Arbitrary<Move[]>;
  /** Named twice, a move comes twice as often. */
  readonly moves: readonly fc.Arbitrary<Move>[];
}

const { cancel, change, printed, hold, others, helps, atOnce, engine } = operatorMoves;
const some = (moves: readonly fc.Arbitrary<Move>[], minLength = 0, maxLength = 2) =>
  fc.array(fc.oneof(...moves), { minLength, maxLength });

const anAnswerIsOnItsWay: Theme = {
  first: some(carrierTroubles.isHeld, 1, 1),
  moves: [
    ...[...carrierMoves.answers, ...carrierMoves.answers, ...carrierMoves.answers, ...carrierTroubles.isHeld],
    ...[...cancel, ...change, ...hold, ...hold, ...helps, ...engine],
    ...[...shopMoves.status, ...shopMoves.lines, ...shopMoves.address.slice(0, 2)],
  ],
};

const anAnswerIsLost: Theme = {
  first: some(carrierTroubles.isHeld, 1, 1),
  moves: [
    ...[...carrierMoves.answers, ...carrierMoves.answers.slice(-1), ...carrierTroubles.isHeld, ...hold, ...hold],
    ...[...shopMoves.status, ...shopMoves.address.slice(0, 1), ...operatorMoves.cancel],
  ],
};

const labelsAreOut: Theme = {
  first: fc.constant([]),
  moves: [
    ...[...printed, ...printed, ...printed, ...cancel, ...change, ...atOnce, ...atOnce, ...helps, ...engine],
    ...[...shopMoves.status, ...shopMoves.address.slice(0, 1), ...carrierMoves.tracking, ...others],
  ],
};

const aRecordIsOnItsWay: Theme = {
  first: some(shopTroubles.slice(0, 1), 1, 1),
  moves: [
    ...[...carrierMoves.answers, ...carrierMoves.answers, ...shopTroubles.slice(0, 1), ...shopMoves.status],
    ...[...shopMoves.status, ...shopMoves.hints, ...cancel, ...change, ...change, ...change, ...hold, ...printed],
    ...engine,
  ],
};

const theShopIsInTrouble: Theme = {
  first: some(shopTroubles, 1),
  moves: [
    ...[...shopTroubles, ...shopMoves.records, ...shopMoves.records, ...shopMoves.status, ...shopMoves.hints],
    ...[
      ...cancel,
      ...change,
      ...change,
      ...helps,
      ...others,
      ...printed,
      ...engine,
      ...carrierMoves.tracking.slice(0, 5),
    ],
  ],
};

const postiIsInTrouble: Theme = {
  first: some(carrierTroubles.all, 1),
  moves: [
    ...[...carrierTroubles.all, ...carrierMoves.answers, ...helps, ...helps, ...others, ...others],
    ...[
      ...cancel,
      ...change,
      ...hold,
      ...engine,
      ...shopMoves.address,
      ...shopMoves.lines,
      ...carrierMoves.tracking.slice(-1),
    ],
  ],
};

const theAccountIsLockedOut: Theme = {
  first: fc.tuple(carrierTroubles.lockOut),
  moves: [
    ...[...carrierMoves.account, ...carrierMoves.account, carrierTroubles.lockOut, ...carrierTroubles.isHeld],
    ...[...carrierMoves.answers, ...cancel, ...change, ...hold, ...hold, ...helps, ...printed, ...engine],
    ...[...shopMoves.status, ...shopMoves.status, ...shopMoves.lines, ...shopMoves.address.slice(0, 2)],
  ],
};

const parcelsMove: Theme = {
  first: some(carrierTroubles.all, 0, 1),
  moves: [
    ...[...carrierMoves.tracking, ...carrierMoves.tracking, ...helps, ...printed, ...cancel, ...change],
    ...[...shopMoves.status, ...shopMoves.lines, ...shopMoves.address.slice(0, 2), ...engine],
  ],
};

const everything: Theme = {
  first: some([...carrierTroubles.all, ...shopTroubles]),
  moves: [
    ...[...Object.values(shopMoves), ...Object.values(carrierMoves), ...Object.values(operatorMoves)].flat(),
    ...[...carrierTroubles.all, ...shopTroubles],
  ],
};

const themes = {
  anAnswerIsOnItsWay,
  anAnswerIsLost,
  aRecordIsOnItsWay,
  labelsAreOut,
  theShopIsInTrouble,
  postiIsInTrouble,
  theAccountIsLockedOut,
  parcelsMove,
  everything,
};

export interface Plot {
  readonly theme: string;
  readonly first: readonly Move[];
  readonly moves: Iterable<Move & { readonly hasRan?: boolean }>;
}

export const plots = (mostMoves: number): fc.Arbitrary<Plot> =>
  fc.oneof(
    ...Object.entries(themes).map(([theme, { first, moves }]) =>
      fc.record({
        theme: fc.constant(theme),
        first,
        moves: fc.commands<Story, OrderInPlay, false>([...moves], { maxCommands: mostMoves, size: 'max' }),
      }),
    ),
  );
