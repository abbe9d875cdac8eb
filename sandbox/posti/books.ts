import type { StateFile } from '../state.ts';
import type { SandboxClock } from '../clock.ts';
import type { SendingCodeHabits } from './sending-code-habits.ts';

/** Who may call, and what for. One account stands for an "application account user" and, optionally, its service account. */
export interface Account {
  clientId: string;
  secret: string;
  /** Gateway roles: `shippingapi`, `2025-04`, `2026-04` (posti.md 2, role scoping). */
  roles: string[];
  /** Logistics contracts, six digits starting with 6. */
  contracts: string[];
  /** `contract`: all data of its own contracts · `public`: limited data, by tracking number only · `none`: 403 (posti.md 6.1). */
  trackingAccess: 'contract' | 'public' | 'none';
  /** The other log-in, for tracking (posti.md 3.3). */
  serviceAccount?: { id: string; secret: string };
  /** When set, every call but the token's needs it in `x-gateway-secret` (posti.md 2, demo only). */
  gatewaySecret?: string;
  tokenSeconds: number;
  /** Requests a second for one address; 0 = no limit. */
  rateLimit: number;
}

export interface Token {
  clientId: string;
  flavour: 'gateway' | 'service';
  /** Wall clock, not the sandbox's: `expires_in` is a promise to a caller who lives by the wall clock. */
  expiresMs: number;
}

export interface Party {
  name: string;
  contact?: string;
  address1: string;
  address2?: string;
  zipcode: string;
  city: string;
  state?: string;
  country: string;
  mobile?: string;
  phone?: string;
  email?: string;
}

/** One scan as it is kept: `at` is what the scan says, `recordedAt` when Posti learned of it. */
export interface Scan {
  code: string;
  status: string;
  at: string;
  /** Where the time was given by hand, in wall time: it goes over the wire as it is. */
  wallAt?: string;
  recordedAt: string;
  city: string;
  countryCode: string;
  reason?: string;
}

export interface Parcel {
  parcelNo: string;
  weightKg: number;
  contents?: string;
  /** Scans that somebody added by hand; those of the script are computed from the clock. */
  addedScans: Scan[];
  sendingCode?: string;
}

export interface Booking {
  id: string;
  clientId: string;
  contract: string;
  service: string;
  addons: string[];
  /** Pickup point id. */
  agent?: string;
  reference?: string;
  orderNo?: string;
  freeText?: string;
  sender: Party;
  receiver: Party;
  parcels: Parcel[];
  media: string;
  /** In the label's address: …/shipments/{contract}/pdfs/{labelId}. */
  labelId: string;
  createdAt: string;
  /** Whether the caller can have read the answer. */
  answered: 'whole' | 'cut' | 'none';
  /** The label's bytes were in the answer. */
  labelInAnswer: boolean;
  labelFetched: boolean;
  /** When the parcels are handed to Posti; unset as long as nobody can have their label. */
  handedOverAt?: string;
  script: string;
}

export interface ScriptRule {
  service?: string;
  receiverNameContains?: string;
  referencePrefix?: string;
  script: string;
}

/**
 * How a label's file is made. No file of Posti's was seen but from the outside: `turned` has its page on its side, with a box
 * that does not begin at 0, and `late header` has bytes before `%PDF`. Both are shown by viewers as they are meant.
 */
export type LabelFile = 'plain' | 'turned' | 'late header';

/** What a label shows where no source says what Posti's do; varied by the tests (posti.md 10, carriers.md 15). */
export interface LabelHabits {
  /** The contact stands under the name. */
  contact: boolean;
  /** The state stands beside the city. */
  state: boolean;
  /** What is longer than its line: 35 characters on paper, 20 on a thermal label (posti.md 10 [V]). */
  longLines: 'cut' | 'wrapped';
  /** Other files than plain ones, for receivers with this in their name; the first that fits. */
  files?: { receiverNameContains: string; file: LabelFile }[];
}

/** The most that could go wrong: what is not known to be printed is not. */
export const usualLabels: LabelHabits = { contact: false, state: false, longLines: 'cut' };

/** Everything that this Posti knows; kept as JSON. */
export interface Books {
  accounts: Account[];
  tokens: Record<string, Token>;
  /** Wrong log-ins of service accounts in a row, and until when one is locked (clock time). */
  lockouts: Record<string, { failures: number; lockedUntil?: string }>;
  bookings: Booking[];
  serial: number;
  points: Record<string, { active?: boolean; listed?: boolean; reservable?: boolean }>;
  labels?: LabelHabits;
  sendingCodes?: SendingCodeHabits;
  scripts: { default: string; rules: ScriptRule[]; handOverAfterHours: number };
  requests: {
    byRoute: Record<string, number>;
    total: number;
    throttled: number;
    /** The most that the order API let in within one real second, of one address. */
    busiestSecond: number;
  };
}

/** What the routes work with. */
export interface Posti {
  clock: SandboxClock;
  books: StateFile<Books>;
  /** Where this server is reached, for links that it hands out. */
  baseUrl(): string;
}

/** Empty books, with one account so that the sandbox can be tried without any preparation. */
export function emptyBooks(): Books {
  return {
    accounts: [
      toAccount({
        clientId: 'sandbox',
        secret: 'sandbox-secret',
        roles: ['shippingapi', '2025-04', '2026-04'],
        contracts: ['654321'],
        serviceAccount: { id: 'sandbox-tracking', secret: 'sandbox-secret' },
      }),
    ],
    tokens: {},
    lockouts: {},
    bookings: [],
    serial: 0,
    points: {},
    scripts: { default: 'default', rules: [], handOverAfterHours: 2 },
    requests: { byRoute: {}, total: 0, throttled: 0, busiestSecond: 0 },
  };
}

/** An account with the defaults of a production one: an hour of token, 50 requests a second (posti.md 2). */
export function toAccount(
  given: Partial<Omit<Account, 'trackingAccess'>> &
    Pick<Account, 'clientId' | 'secret'> & { trackingAccess?: Account['trackingAccess'] | boolean },
): Account {
  const { trackingAccess = true, ...rest } = given;
  return {
    roles: [],
    contracts: [],
    tokenSeconds: 3600,
    rateLimit: 50,
    ...rest,
    trackingAccess: trackingAccess === true ? 'contract' : trackingAccess === false ? 'none' : trackingAccess,
  };
}

/** The label can reach a printer: its bytes came through, or somebody fetched it. */
export function hasUsableLabel(booking: Booking): boolean {
  return booking.labelFetched || (booking.labelInAnswer && booking.answered === 'whole');
}

/** A booking whose label is usable will be handed over some hours later, once. One whose label nobody has never will. */
export function planHandOver(posti: Posti, booking: Booking): void {
  if (booking.handedOverAt !== undefined || !hasUsableLabel(booking)) return;
  const hours = posti.books.data.scripts.handOverAfterHours;
  booking.handedOverAt = new Date(posti.clock.now().getTime() + hours * 3_600_000).toISOString();
}
