import type { Settings } from '../settings/settings.ts';
import type { Booking } from '../carriers/port.ts';
import { findAddon, findService, postiServices, type Service } from './catalogue.ts';
import { postBoxIn } from './po-box.ts';
import type { Problem } from '../domain/problem.ts';

/** What the rules look at; a whole booking fits. */
export type BookingDraft = Pick<Booking, 'service' | 'addons' | 'receiver' | 'pickupPointId' | 'parcels'>;

/** What a store's settings say besides. */
export interface ServiceLimits {
  /** Heaviest parcel to a pickup point; null or left out: what Posti's own apps offer. */
  readonly pickupPointGrams?: number | null;
  /** Countries that Posti takes no goods to at present. */
  readonly stoppedCountries?: readonly string[];
}

export interface ServiceChoice {
  /** Posti's service id, like PO2103. */
  readonly service: string;
  readonly addons: readonly string[];
}

/** Delivery-time variants of one service: at most one of them (posti.md 8.3, 8.4). */
const deliveryTimes = ['DLV00', 'DLV09', 'DLV21'];

/**
 * The service that a store's settings name for the method that the shopper chose. Upper and lower case and spaces around
 * or within the name do not matter. A method that is not named gets the default service, or a problem where there is none.
 */
export function chooseService(
  shippingMethod: string | null,
  settings: Pick<Settings, 'services' | 'defaultService'>,
): ServiceChoice | Problem {
  const wanted = comparable(shippingMethod ?? '');
  const named = Object.entries(settings.services).find(([method]) => comparable(method) === wanted)?.[1];
  const chosen = wanted === '' ? settings.defaultService : (named ?? settings.defaultService);
  if (chosen) return { service: chosen.service, addons: chosen.addons };
  return {
    code: 'service_not_chosen',
    field: 'shippingMethod',
    problem: shippingMethod
      ? `No Posti service is set for the shipping method "${shippingMethod}", and the store has no default service.`
      : 'The order names no shipping method, and the store has no default service.',
    remedy:
      'Name a service for this method or a default service in the settings, or choose the service of this shipment.',
  };
}

/**
 * Everything that Posti's rules have against a booking, as far as we know them (src/booking/catalogue.ts); none means it
 * may be sent. Posti's own check is loose: it ignores unknown or misplaced fields without an error (posti.md 4.2).
 */
export function checkService(
  draft: BookingDraft,
  limits: ServiceLimits = {},
  catalogue: readonly Service[] = postiServices,
): Problem[] {
  const service = findService(draft.service, catalogue);
  if (!service) {
    return [
      {
        code: 'service_unknown',
        field: 'service',
        problem: `${draft.service} is not a Posti parcel service that we know.`,
        remedy: `Choose one of ${catalogue.map((known) => known.id).join(', ')}.`,
      },
    ];
  }
  return [
    ...checkCountry(draft, service, limits, catalogue),
    ...checkParcels(draft, service, limits),
    ...checkAddons(draft, service),
    ...checkPickupPoint(draft, service),
    ...checkDoor(draft, service, catalogue),
    ...checkReachability(draft, service),
  ];
}

const comparable = (method: string): string => method.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase();

const label = (service: Service): string => `${service.id} ${service.names.en}`;

const serves = (service: Service, country: string): boolean =>
  service.countries === 'anywhere' || service.countries.includes(country);

function checkCountry(
  { receiver }: BookingDraft,
  service: Service,
  { stoppedCountries = [] }: ServiceLimits,
  catalogue: readonly Service[],
): Problem[] {
  if (stoppedCountries.includes(receiver.country)) {
    return [
      {
        code: 'destination_stopped',
        field: 'receiver.country',
        problem: `${receiver.country} is on the store's list of countries that Posti takes no goods to at present.`,
        remedy:
          "Look at Posti's notices: where it takes them again, take the country off the list (stoppedCountries in the settings). If not, send it by another carrier.",
      },
    ];
  }
  if (serves(service, receiver.country)) return [];
  const others = catalogue.filter((other) => serves(other, receiver.country)).map(label);
  return [
    {
      code: 'service_country_not_served',
      field: 'receiver.country',
      problem: `${label(service)} does not go to ${receiver.country}.`,
      remedy: others.length > 0 ? `Choose a service that does: ${others.join(', ')}.` : 'Send it by another carrier.',
    },
  ];
}

function checkParcels({ parcels, pickupPointId }: BookingDraft, service: Service, limits: ServiceLimits): Problem[] {
  if (parcels.length === 0) {
    return [
      {
        code: 'parcels_missing',
        field: 'parcels',
        problem: 'The shipment has no parcel.',
        remedy: 'Give the weight of at least one parcel.',
      },
    ];
  }
  const toPoint = pickupPointId === null ? null : (heaviestToPoint(service, limits) ?? null);
  return parcels.flatMap(({ weightGrams }, index): Problem[] => {
    const which = `Parcel ${index + 1} of ${parcels.length} weighs ${kilograms(weightGrams)}`;
    if (weightGrams > service.maxWeightGrams) {
      return [
        {
          code: 'service_weight_exceeded',
          field: `parcels[${index}].weightGrams`,
          problem: `${which}; ${label(service)} takes at most ${kilograms(service.maxWeightGrams)} per parcel.`,
          remedy: 'Split the goods into more parcels, or choose a service that takes more.',
        },
      ];
    }
    if (toPoint !== null && weightGrams > toPoint) {
      return [
        {
          code: 'service_weight_exceeded',
          field: `parcels[${index}].weightGrams`,
          problem: `${which}; ${label(service)} to a pickup point takes at most ${kilograms(toPoint)} per parcel.`,
          remedy:
            'Split the goods into more parcels, or send it to the address. Where Posti takes heavier ones to pickup points for the store: pickupPoint.heaviestGrams in the settings.',
        },
      ];
    }
    if (!(weightGrams >= service.minWeightGrams)) {
      return [
        {
          code: 'service_weight_too_small',
          field: `parcels[${index}].weightGrams`,
          problem: `${which}; ${label(service)} takes at least ${kilograms(service.minWeightGrams)} per parcel.`,
          remedy: 'Correct the weight of the parcel.',
        },
      ];
    }
    return [];
  });
}

/** Heaviest parcel of the service to a pickup point; null where only the service's own limit is known. */
export const heaviestToPoint = (service: Service, { pickupPointGrams }: ServiceLimits): number | null =>
  pickupPointGrams ?? service.pickupPointGrams;

function checkAddons({ addons, receiver }: BookingDraft, service: Service): Problem[] {
  const asked = [...new Set(addons)];
  const problems = asked.flatMap((id): Problem[] => {
    const addon = findAddon(id);
    const name = addon ? `${id} (${addon.name})` : id;
    if (!service.addons.includes(id)) {
      return [
        {
          code: 'addon_not_allowed',
          field: 'addons',
          problem: `The add-on ${name} cannot be used with ${label(service)}.`,
          remedy: `Leave it out, or choose another service. ${label(service)} takes ${service.addons.join(', ') || 'none'}.`,
        },
      ];
    }
    if (addon?.needs) {
      return [
        {
          code: 'addon_details_missing',
          field: 'addons',
          problem: `The add-on ${name} needs ${addon.needs}, which this booking does not have.`,
          remedy: 'Leave the add-on out, or book this shipment by hand.',
        },
      ];
    }
    if (addon?.reaches === 'phone' && receiver.phone === null) {
      return [
        {
          code: 'phone_missing',
          field: 'receiver.phone',
          problem: `The add-on ${name} needs the receiver's phone number, and the order has no usable one.`,
          remedy: 'Ask the customer for a number and put it on the shipment, or leave the add-on out.',
        },
      ];
    }
    if (addon?.reaches === 'mobile_or_email' && receiver.mobile === null && receiver.email === null) {
      return [contactMissing(`The add-on ${name}`)];
    }
    return [];
  });
  const times = asked.filter((id) => deliveryTimes.includes(id));
  if (times.length > 1) {
    problems.push({
      code: 'addons_exclude_each_other',
      field: 'addons',
      problem: `The add-ons ${times.join(' and ')} name different delivery times.`,
      remedy: 'Keep one of them.',
    });
  }
  return problems;
}

function checkPickupPoint({ pickupPointId }: BookingDraft, service: Service): Problem[] {
  if (pickupPointId === null && service.pickupPoint === 'required') {
    return [
      {
        code: 'pickup_point_missing',
        field: 'pickupPointId',
        problem: `${label(service)} goes to a pickup point, and none is chosen.`,
        remedy: 'Choose a pickup point, or a service that delivers to an address.',
      },
    ];
  }
  if (pickupPointId !== null && service.pickupPoint === 'impossible') {
    return [
      {
        code: 'pickup_point_not_possible',
        field: 'pickupPointId',
        problem: `A pickup point is chosen, but ${label(service)} does not deliver to pickup points.`,
        remedy: 'Remove the pickup point, or choose a service that delivers to one.',
      },
    ];
  }
  if (pickupPointId !== null && !isPointId(pickupPointId)) {
    return [
      {
        code: 'pickup_point_invalid',
        field: 'pickupPointId',
        problem: `"${pickupPointId}" is not the id of a pickup point: Posti's have nine digits.`,
        remedy: 'Choose a pickup point: change the shipment, or correct it in the shop.',
      },
    ];
  }
  return [];
}

/** Nine digits: a postcode of five and a routing code of four (posti.md 9 [V GLUE, POSTI-PP]). */
export const isPointId = (id: string): boolean => /^\d{9}$/.test(id);

/** A courier needs a door: a box at a post office, or poste restante, has none. */
function checkDoor(
  { receiver, pickupPointId }: BookingDraft,
  service: Service,
  catalogue: readonly Service[],
): Problem[] {
  const comes = service.courier === 'always' || (service.courier === 'without_pickup_point' && pickupPointId === null);
  const box = comes ? postBoxIn([receiver.address1, receiver.address2], receiver.country) : undefined;
  if (box === undefined) return [];
  const others = catalogue.filter((other) => serves(other, receiver.country) && other.courier !== 'always');
  const named = others.map((other) => (other.courier === 'never' ? label(other) : `${label(other)} to a pickup point`));
  return [
    {
      code: 'post_box_not_possible',
      field: 'receiver.street1',
      problem: `"${box}" is a box at a post office, and ${label(service)} is delivered to a door.`,
      remedy: [
        'Ask the customer for a street address and put it on the shipment',
        ...(named.length > 0 ? [`or choose a service that needs no door: ${named.join(', ')}`] : []),
      ]
        .join(', ')
        .concat('.'),
    },
  ];
}

function checkReachability({ receiver, pickupPointId }: BookingDraft, service: Service): Problem[] {
  const needed =
    service.mobileRequired === 'always' || (service.mobileRequired === 'with_pickup_point' && pickupPointId !== null);
  const where = pickupPointId === null ? '' : ' to a pickup point';
  if (needed && receiver.mobile === null) {
    return [
      {
        code: 'phone_missing',
        field: 'receiver.phone',
        problem: `${label(service)}${service.mobileRequired === 'always' ? '' : where} needs the receiver's mobile number, and the order has no usable one.`,
        remedy: 'Ask the customer for a mobile number and put it on the shipment.',
      },
    ];
  }
  // A point sends its notice of arrival there; without one there is only a letter (carriers.md 6 [V POSTI]).
  const wanted = service.mobileOrEmailRequired || pickupPointId !== null;
  if (wanted && receiver.mobile === null && receiver.email === null)
    return [contactMissing(`${label(service)}${where}`)];
  return [];
}

const contactMissing = (what: string): Problem => ({
  code: 'contact_missing',
  field: 'receiver.email',
  problem: `${what} needs a mobile number or an e-mail address of the receiver, and the order has neither.`,
  remedy: 'Ask the customer for one of them and put it on the shipment.',
});

const kilograms = (grams: number): string => `${grams / 1000} kg`;
