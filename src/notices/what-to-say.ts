/** What is worth a notice, from how things stand and what was said of them last. Pure. */

/** An account of a system as its row says. */
export interface AccountState {
  readonly system: string;
  readonly account: string;
  readonly state: 'open' | 'paused' | 'closed';
  readonly reason: string | null;
  /** Milliseconds since it is in this state. */
  readonly forMs: number;
}

/** How many shipments of a store wait for a person, by reason. */
export interface AttentionState {
  readonly storeHash: string;
  readonly reason: string;
  readonly count: number;
}

/** Ids and enums only: it leaves the house. */
export interface NewNotice {
  readonly kind: 'account.paused' | 'account.closed' | 'account.resumed' | 'attention.raised';
  readonly subject: string;
  /** What is said of the subject from now on; null where there is nothing more to say of it. */
  readonly state: string | null;
  readonly data: Readonly<Record<string, string | number | null>>;
  /** A sentence for people. */
  readonly words: string;
}

/**
 * An account's pause is told once it has lasted, since being throttled for some seconds is daily business; a refused log-in
 * at once. A reason for attention is told when a store has the first shipment with it, and again only after there was none.
 *
 * @param said subject → the state that was told last
 * @returns what to say; and the subjects of which nothing stands any more, and nobody needs to hear
 */
export function whatToSay(
  said: ReadonlyMap<string, string>,
  accounts: readonly AccountState[],
  attention: readonly AttentionState[],
  pauseWorthTellingMs: number,
): { readonly notices: readonly NewNotice[]; readonly over: readonly string[] } {
  const notices = accounts.flatMap((account) => ofAccount(account, said, pauseWorthTellingMs));
  const standing = new Set(attention.map(attentionSubject));
  for (const one of attention) if (!said.has(attentionSubject(one))) notices.push(raised(one));
  const over = [...said.keys()].filter((subject) => subject.startsWith('attention/') && !standing.has(subject));
  return { notices, over };
}

function ofAccount(one: AccountState, said: ReadonlyMap<string, string>, pauseMs: number): NewNotice[] {
  const { system, account, state, reason, forMs } = one;
  const subject = `system/${system}/${account}`;
  const before = said.get(subject);
  if (before === state) return [];
  const name = `${system.replaceAll('_', ' ')} (account ${account})`;
  const notice = (kind: NewNotice['kind'], words: string): NewNotice[] => [
    {
      ...{ kind, subject, words },
      state: state === 'open' ? null : state,
      data: { system, account, state, reason },
    },
  ];
  switch (state) {
    case 'open':
      return before === undefined ? [] : notice('account.resumed', `${name} works again.`);
    case 'paused':
      if (before === undefined && forMs < pauseMs) return [];
      return notice('account.paused', `${name} is paused (${reason ?? 'unknown'}); it is tried again by itself.`);
    case 'closed':
      return notice('account.closed', `${name} does not let us in (${reason ?? 'unknown'}): somebody has to mend it.`);
    default:
      return state satisfies never;
  }
}

const attentionSubject = ({ storeHash, reason }: AttentionState): string => `attention/${storeHash}/${reason}`;

const raised = (one: AttentionState): NewNotice => ({
  kind: 'attention.raised',
  subject: attentionSubject(one),
  state: 'raised',
  data: { storeHash: one.storeHash, reason: one.reason, count: one.count },
  words: `Store ${one.storeHash} has an order that needs a person: ${one.reason.replaceAll('_', ' ')}.`,
});
