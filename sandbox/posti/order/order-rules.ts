import type { Account } from '../books.ts';
import { isMedia } from '../label/label-pdf.ts';
import { orderError, type OrderError, type OrderRequest, type WireParty } from './order-request.ts';
import { allowsAddon, findService, goesTo, type Service } from './services.ts';

/** What a well-formed order must be besides; the wording follows posti.md 8.4, "message styles". */
export function judgeOrder(
  { printConfig, shipment }: OrderRequest,
  account: Account,
): { service: Service } | { errors: OrderError[] } {
  const errors: OrderError[] = [];
  const complain = (location: string, code: string, message: string) =>
    void errors.push(orderError(location, code, message));

  const contract = shipment.senderPartners[0]?.custNo ?? '';
  if (!account.contracts.includes(contract)) {
    complain('shipment.senderPartners.0.custNo', 'ILLEGAL', `'${contract}' is not a valid contract number`);
  }
  if (!isMedia(printConfig.target1Media)) {
    complain('printConfig.target1Media', 'ILLEGAL', `'${printConfig.target1Media}' is not a valid media`);
  }
  judgeParty(shipment.sender, 'shipment.sender', complain);
  judgeParty(shipment.receiver, 'shipment.receiver', complain);

  const service = findService(shipment.service.id);
  if (service === undefined) {
    complain('shipment.service.id', 'ILLEGAL', `'${shipment.service.id}' is not a valid service`);
    return { errors };
  }
  const [from, to] = [shipment.sender.country ?? '', shipment.receiver.country ?? ''];
  if (to !== '' && !goesTo(service, to)) {
    complain('shipment.receiver.country', 'ILLEGAL', `Destination '${to}' is not valid for service ${service.id}`);
  }
  for (const { id } of shipment.service.addons ?? []) {
    if (allowsAddon(service, id)) continue;
    const text = `Additional service '${id}' cannot be used together with service '${service.id}' on route ${from}-${to}`;
    complain('shipment.service.addons', 'ILLEGAL', text);
  }
  shipment.parcels.forEach((row, i) => {
    const weight = (row.weight ?? 0) / (row.valuePerParcel ? 1 : row.copies);
    if (weight <= service.maxKg) return;
    complain(`shipment.parcels.${i}.weight`, 'MaximumFlt', `maximum value (${service.maxKg}) exceeded`);
  });
  return errors.length > 0 ? { errors } : { service };
}

/** A party has a quickId, or a name with city and country (posti.md 4.3). */
function judgeParty(
  party: WireParty,
  location: string,
  complain: (location: string, code: string, message: string) => void,
): void {
  if (party.quickId !== undefined) return;
  for (const field of ['name', 'city', 'country'] as const) {
    if (!party[field]) complain(`${location}.${field}`, 'MISSING', `${location}.${field}: is missing`);
  }
  if (['FI', 'AX'].includes(party.country ?? '') && !/^\d{5}$/.test(party.zipcode ?? '')) {
    complain(`${location}.zipcode`, 'ZipCode', 'Not valid postal code');
  }
}
