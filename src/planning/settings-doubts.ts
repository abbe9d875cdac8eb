import { findService, postiServices } from '../booking/catalogue.ts';
import type { Settings } from '../settings/settings.ts';
import { settingsFor } from '../settings/storefronts.ts';

/**
 * What is allowed, and will need a person for its orders all the same: sentences that begin with the path. None where the
 * settings look complete. Whether Posti knows a contract, only Posti can say.
 */
export function doubtsAboutSettings(settings: Settings): string[] {
  const storefronts = Object.keys(settings.storefronts);
  const isLive = [settings, ...storefronts.map((id) => settingsFor(settings, Number(id)))].some(
    ({ mode }) => mode === 'live',
  );
  const doubts: string[] = [];
  if (isLive && settings.warehouses.length === 0) {
    doubts.push('warehouses: there is none, so that every order will need attention (warehouse_missing).');
  }
  const named = [settings, ...Object.values(settings.storefronts)];
  if (isLive && named.every((own) => !own.defaultService && Object.keys(own.services ?? {}).length === 0)) {
    doubts.push(
      'defaultService: there is none, and services names none, so that every order will need attention (service_not_chosen).',
    );
  }
  doubts.push(...doubtsAboutServices(settings, ''));
  for (const id of storefronts) {
    const { services, defaultService } = settings.storefronts[id]!;
    const own = { services: services ?? {}, defaultService: defaultService ?? null };
    doubts.push(...doubtsAboutServices(own, `storefronts.${id}.`));
  }
  return doubts;
}

function doubtsAboutServices({ services, defaultService }: ServiceSettings, before: string): string[] {
  const named = Object.entries(services).map(([method, { service }]) => [`services.${method}`, service] as const);
  const all = defaultService ? [...named, ['defaultService', defaultService.service] as const] : named;
  return all
    .filter(([, service]) => !findService(service))
    .map(
      ([path, service]) =>
        `${before}${path}: ${service} is not a Posti parcel service that we know (${postiServices.map(({ id }) => id).join(', ')}).`,
    );
}

type ServiceSettings = Pick<Settings, 'services' | 'defaultService'>;
