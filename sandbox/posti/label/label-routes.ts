import { Router } from 'express';
import { gatewayError } from '../answers.ts';
import { whenAnswered } from '../../faults.ts';
import { planHandOver, type Account, type Posti } from '../books.ts';
import { needsToken } from '../tokens.ts';
import type { DrawLabels } from './label-pdf.ts';
import { labelFile, labelPages } from './label-pages.ts';

const LABEL_LIFE_MS = 3_600_000;

/** GET …/shipments/{contract}/pdfs/{id}: with a token, and for one hour of the sandbox's clock (posti.md 4.5). */
export function labelRoutes(posti: Posti, drawLabels: DrawLabels): Router {
  const router = Router();
  router.get('/shipments/:contract/pdfs/:id', needsToken(posti, 'shippingapi'), async (req, res) => {
    const { contract, id } = req.params;
    const account = res.locals.account as Account;
    const booking = posti.books.data.bookings.find((each) => each.labelId === id && each.contract === contract);
    const age = booking && posti.clock.now().getTime() - new Date(booking.createdAt).getTime();
    if (
      booking === undefined ||
      age === undefined ||
      age > LABEL_LIFE_MS ||
      !account.contracts.includes(contract ?? '')
    ) {
      return gatewayError(res, 'NOT_FOUND', 'Not found');
    }
    const file = await drawLabels(
      booking.media,
      labelPages(booking, posti.books.data.labels),
      labelFile(booking, posti.books.data.labels),
    );
    whenAnswered(res, (answered) => {
      if (answered === 'cut') return;
      booking.labelFetched = true;
      planHandOver(posti, booking);
      posti.books.touch();
    });
    res.type('application/pdf').send(Buffer.from(file));
  });
  return router;
}
