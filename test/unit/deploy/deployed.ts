import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const folder = (name: string): string => fileURLToPath(new URL(`../../../deploy/${name}/`, import.meta.url));

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** All alert rules of deploy/alerts. */
export function alertRules(): AlertRule[] {
  return filesOf('alerts', '.yml').flatMap((text) => {
    const { groups } = parse(text) as { groups: { rules: AlertRule[] }[] };
    return groups.flatMap(({ rules }) => rules);
  });
}

interface Panel {
  readonly title: string;
  readonly panels?: readonly Panel[];
  readonly targets?: readonly { readonly expr: string }[];
}

/** All expressions of deploy/dashboards, with the title of their panel. */
export function dashboardExpressions(): { title: string; expr: string }[] {
  const of = ({ title, targets = [], panels = [] }: Panel): { title: string; expr: string }[] => [
    ...targets.map(({ expr }) => ({ title, expr })),
    ...panels.flatMap(of),
  ];
  return filesOf('dashboards', '.json').flatMap((text) => of(JSON.parse(text) as Panel));
}

/** Names of all metrics that the rules and the dashboard are made of, without Prometheus' own. */
export function deployedMetrics(): string[] {
  const expressions = [...alertRules(), ...dashboardExpressions()].map(({ expr }) => expr);
  const names = expressions.flatMap(
    (expr) => withoutStrings(expr).match(/\b(lahetti|temporal|nodejs|process)_\w+/g) ?? [],
  );
  return [...new Set(names)].sort();
}

const withoutStrings = (expr: string): string => expr.replaceAll(/"[^"]*"/g, '""');

function filesOf(name: string, end: string): string[] {
  return readdirSync(folder(name))
    .filter((file) => file.endsWith(end))
    .map((file) => readFileSync(folder(name) + file, 'utf8'));
}
