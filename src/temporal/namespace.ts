import { setTimeout as delay } from 'node:timers/promises';
import { isGrpcServiceError, type Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { AppError } from '../errors.ts';

// A CommonJS module whose exports Node cannot name, so that it is imported whole.
const { IndexedValueType } = proto.temporal.api.enums.v1;

/** gRPC's numbers, of which @grpc/grpc-js is not a dependency of ours. */
const status = {
  invalidArgument: 3,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  unimplemented: 12,
  unauthenticated: 16,
};

export interface NamespaceNeeds {
  namespace: string;
  /** The search attributes that must be there, by name. */
  searchAttributes: Readonly<Record<string, 'Keyword'>>;
  /** Whether the server is the embedded one, whose namespace is ours to configure. */
  embedded: boolean;
  /** How long closed workflows are kept; only set where embedded. */
  retentionDays: number;
}

/**
 * Makes the namespace ready for our workflows: makes missing search attributes where we may, and waits until they can be
 * used. Any number of processes may do it at once.
 *
 * @throws AppError `search_attributes_missing`, naming them all, where we may not make them (Temporal Cloud);
 *   `search_attribute_type` where one exists with another type; `namespace_missing`
 */
export async function prepareNamespace(connection: Connection, needs: NamespaceNeeds): Promise<void> {
  const { namespace, embedded } = needs;
  await expectNamespace(connection, namespace);
  if (embedded) await setRetention(connection, namespace, needs.retentionDays);

  const missing = await missingAttributes(connection, needs);
  if (missing.length === 0) return;
  try {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD])),
    });
  } catch (err) {
    if (mayNot(err)) throw missingError(namespace, missing, err);
    if (codeOf(err) !== status.alreadyExists) throw err; // another process was first
  }
  await untilUsable(connection, namespace, missing);
}

async function expectNamespace(connection: Connection, namespace: string): Promise<void> {
  try {
    await connection.workflowService.describeNamespace({ namespace });
  } catch (err) {
    if (codeOf(err) !== status.notFound) {
      if (mayNot(err)) return; // an account that may run workflows and not describe the namespace
      throw err;
    }
    throw new AppError(`The Temporal server has no namespace "${namespace}".`, {
      kind: 'invalid',
      code: 'namespace_missing',
      advice: `Make it (temporal operator namespace create -n ${namespace}), or correct TEMPORAL_NAMESPACE.`,
      cause: err,
    });
  }
}

async function setRetention(connection: Connection, namespace: string, days: number): Promise<void> {
  await connection.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: { seconds: (days * 86_400) as never } },
  });
}

async function missingAttributes(connection: Connection, needs: NamespaceNeeds): Promise<string[]> {
  const { namespace } = needs;
  const names = Object.keys(needs.searchAttributes);
  let existing: Readonly<Record<string, proto.temporal.api.enums.v1.IndexedValueType>>;
  try {
    ({ customAttributes: existing } = await connection.operatorService.listSearchAttributes({ namespace }));
  } catch (err) {
    if (!mayNot(err)) throw err;
    const usable = await Promise.all(names.map((name) => isUsable(connection, namespace, name)));
    return names.filter((_, i) => usable[i] === false);
  }
  for (const name of names) {
    const type = existing[name];
    if (type !== undefined && type !== IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD) {
      throw new AppError(`The search attribute ${name} of the namespace "${namespace}" is not of the type Keyword.`, {
        kind: 'invalid',
        code: 'search_attribute_type',
        advice: 'Remove or rename it there; we make our own.',
      });
    }
  }
  return names.filter((name) => existing[name] === undefined);
}

const USABLE_WITHIN_MS = 30_000;

async function untilUsable(connection: Connection, namespace: string, names: string[]): Promise<void> {
  const deadline = performance.now() + USABLE_WITHIN_MS;
  for (const name of names) {
    while (!(await isUsable(connection, namespace, name))) {
      if (performance.now() > deadline) throw missingError(namespace, [name]);
      await delay(50);
    }
  }
}

/** A query with an unknown attribute is refused. This needs no more rights than our workflows do. */
async function isUsable(connection: Connection, namespace: string, name: string): Promise<boolean> {
  try {
    await connection.workflowService.countWorkflowExecutions({ namespace, query: `${name} = 'x'` });
    return true;
  } catch (err) {
    if (codeOf(err) === status.invalidArgument) return false;
    throw err;
  }
}

const missingError = (namespace: string, names: string[], cause?: unknown) =>
  new AppError(`The Temporal namespace "${namespace}" lacks the search attributes ${names.join(', ')}.`, {
    kind: 'invalid',
    code: 'search_attributes_missing',
    advice:
      'Add them, each with the type Keyword: in Temporal Cloud on the page of the namespace or with ' +
      `"tcld namespace search-attributes add", elsewhere with "temporal operator search-attribute create".`,
    cause,
  });

const codeOf = (err: unknown): number | undefined => (isGrpcServiceError(err) ? err.code : undefined);

function mayNot(err: unknown): boolean {
  const code = codeOf(err);
  return code === status.permissionDenied || code === status.unimplemented || code === status.unauthenticated;
}
