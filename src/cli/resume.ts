import type { Command } from './command.ts';
import { ownHintsWaiting, relaysListening } from './staff.sql.ts';
import { waitUntil } from './wait-until.ts';

export const resumeCommand: Command = {
  words: 'resume',
  summary: 'starts every order that is due, whatever the engine knows: for after its database was lost',
  async run({ pool, resume, patienceMs }) {
    const { due, started } = await resume();
    const running = await relaysListening(pool);
    const begun = running > 0 && started > 0;
    if (begun) await waitUntil(async () => ((await ownHintsWaiting(pool)) === 0 ? true : undefined), patienceMs);
    const waiting = await ownHintsWaiting(pool);
    return {
      lines: [
        due === 0
          ? 'No order is due: nothing has to be started.'
          : `${due} orders are due; each has a hint in the inbox.`,
        ...(waiting === 0 && started > 0 ? ['All of them were handed to the engine.'] : []),
        ...(waiting > 0 && running > 0 ? [`${waiting} are still to be handed to the engine: see "health".`] : []),
        ...(running === 0 ? ['No API or worker seems to run: they start when one does (npm start).'] : []),
      ],
      json: { due, started, waiting, relaysRunning: running },
    };
  },
};
