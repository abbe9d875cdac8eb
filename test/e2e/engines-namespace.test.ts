import { randomBytes } from 'node:crypto';
import { Connection, ServiceError } from '@temporalio/client';
import { expect, inject, onTestFinished, test } from 'vitest';
import { prepareNamespace, type NamespaceNeeds } from '../../src/temporal/namespace.ts';

const needs = (...names: string[]): NamespaceNeeds => ({
  namespace: 'default',
  searchAttributes: Object.fromEntries(names.map((name) => [name, 'Keyword'] as const)),
  embedded: true,
  retentionDays: 7,
});

async function connect(): Promise<Connection> {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  onTestFinished(() => connection.close());
  return connection;
}

const aName = () => `Test${randomBytes(4).toString('hex')}`;

/** The connection of somebody who may run workflows and not administer the server, as in Temporal Cloud. */
function withoutOperatorRights(connection: Connection): Connection {
  const refuse = () =>
    Promise.reject(Object.assign(new ServiceError('denied'), { code: 7, details: 'denied', metadata: {} }));
  return Object.create(connection, {
    operatorService: { value: { listSearchAttributes: refuse, addSearchAttributes: refuse } },
  }) as Connection;
}

test('missing search attributes are made and usable at once, and processes that do it together do not disturb each other', async () => {
  const connection = await connect();
  const name = aName();
  await Promise.all([
    prepareNamespace(connection, needs(name)),
    prepareNamespace(connection, needs(name)),
    prepareNamespace(connection, needs(name)),
  ]);
  const { count } = await connection.workflowService.countWorkflowExecutions({
    namespace: 'default',
    query: `${name} = 'anything'`,
  });
  expect(Number(count)).toBe(0);
});

test('the embedded namespace keeps closed workflows as long as we say', async () => {
  const connection = await connect();
  await prepareNamespace(connection, needs());
  const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' });
  expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(7 * 86_400);
});

test('where we may not make search attributes one message names all that are missing', async () => {
  const connection = await connect();
  const [present, gone, alsoGone] = [aName(), aName(), aName()];
  await prepareNamespace(connection, needs(present));
  const asUser = withoutOperatorRights(connection);

  await prepareNamespace(asUser, { ...needs(present), embedded: false });
  await expect(prepareNamespace(asUser, { ...needs(present, gone, alsoGone), embedded: false })).rejects.toMatchObject({
    code: 'search_attributes_missing',
    message: expect.stringContaining(`${gone}, ${alsoGone}`),
  });
});

test('a namespace that is not there is an error that says how to make it', async () => {
  const connection = await connect();
  await expect(
    prepareNamespace(connection, { ...needs(), namespace: 'elsewhere', embedded: false }),
  ).rejects.toMatchObject({ code: 'namespace_missing', advice: expect.stringContaining('-n elsewhere') });
});
