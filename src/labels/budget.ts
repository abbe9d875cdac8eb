import { NotMergeable } from './merge-trouble.ts';

/**
 * What may be unpacked from a file, or from all files of a stack. A few kB of file can be packed so that they unpack to
 * gigabytes; and the limits of a thread do not count what is unpacked (Node.js, `resourceLimits`: buffers are outside).
 */
export interface Budget {
  readonly left: number;
  /** @throws NotMergeable where there is not so much left */
  take(bytes: number): void;
  /** Says that there was not enough. */
  refuse(): never;
}

const mega = 1024 * 1024;
const ofOneFile = 32 * mega;
const ofOneStack = 256 * mega;

/** @param stack has to have it too */
export const fileBudget = (stack?: Budget): Budget =>
  createBudget(ofOneFile, `it unpacks to more than ${ofOneFile / mega} MB`, stack);

export const stackBudget = (): Budget =>
  createBudget(ofOneStack, `the labels unpack to more than ${ofOneStack / mega} MB together`);

function createBudget(bytes: number, words: string, wider?: Budget): Budget {
  let left = bytes;
  const refuse = (): never => {
    if (wider && wider.left < left) wider.refuse();
    throw new NotMergeable('unsupported', words);
  };
  return {
    get left() {
      return Math.min(left, wider?.left ?? left);
    },
    take(wanted) {
      if (wanted > left) refuse();
      wider?.take(wanted);
      left -= wanted;
    },
    refuse,
  };
}
