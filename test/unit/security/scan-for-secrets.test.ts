import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { canaries, personFor } from '../../../harness/people.ts';
import { findLeaks, findLeaksInFiles } from '../../security/scan-for-secrets.ts';

const secret = 'Tosi+salainen/avain=1';
const sought = { secrets: { 'the key': secret }, people: canaries };

test.each([
  ['as it is', `token=${secret};`],
  ['quoted in JSON', JSON.stringify({ inner: JSON.stringify({ key: secret }) })],
  ['in an address', `https://shop.example/?key=${encodeURIComponent(secret)}`],
  ['in hexadecimal digits', Buffer.from(secret).toString('hex')],
  ['in base64', Buffer.from(secret).toString('base64')],
  ['in base64url', Buffer.from(secret).toString('base64url')],
  ['in a Basic log-in', Buffer.from(`id:${secret}`).toString('base64')],
  ['in a Basic log-in of a longer name', Buffer.from(`name:${secret}`).toString('base64')],
  ['in a Basic log-in of a name longer still', Buffer.from(`names:${secret}`).toString('base64')],
])('a secret is found %s', (_name, text) => {
  const [leak] = findLeaks(`first line\nsecond ${text} line`, sought, 'a log');
  expect(leak).toMatchObject({ where: 'a log', line: 2 });
  expect(leak!.what).toMatch(/^the key/);
});

test('a secret that needs escaping in JSON is found there', () => {
  const odd = 'quote"and\\slash';
  expect(findLeaks(JSON.stringify({ odd }), { secrets: { odd }, people: [] })).toHaveLength(1);
});

test('a report never repeats the secret or the person', () => {
  const { lastName } = personFor(7);
  const leaks = findLeaks(`${secret} ${lastName}`, sought);
  expect(leaks.map(({ what }) => what)).toEqual(['the key', 'a person']);
  expect(JSON.stringify(leaks)).not.toMatch(canaries);
  expect(JSON.stringify(leaks)).not.toContain(secret);
});

test('people are found by a pattern and by their parts, in capitals too', () => {
  const { email, street } = personFor(12);
  expect(findLeaks(`to ${email.toUpperCase()}`, sought)).toHaveLength(1);
  expect(findLeaks(`at ${street}`, { secrets: {}, people: [street, email] })).toHaveLength(1);
  expect(findLeaks('nobody at all', { secrets: {}, people: [street, email] })).toEqual([]);
  expect(findLeaks('nobody at all', { secrets: {}, people: [] })).toEqual([]);
});

test('each line is named once for each thing that is in it', () => {
  const text = `${secret} and ${secret}\nnothing\n${secret}`;
  expect(findLeaks(text, sought).map(({ line }) => line)).toEqual([1, 3]);
});

test('a secret that would be found everywhere is refused, rather than searched for', () => {
  expect(() => findLeaks('', { secrets: { pin: '1234' }, people: [] })).toThrow(/"pin" is too short/);
  expect(() => findLeaks('', { secrets: {}, people: ['Ola'] })).toThrow(/too short/);
});

test('files are named by their path', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lahetti-scan-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [clean, leaky] = [join(folder, 'clean.log'), join(folder, 'leaky.log')];
  writeFileSync(clean, '{"order":1}\n');
  writeFileSync(leaky, `{"order":1}\n{"token":"${secret}"}\n`);
  expect(await findLeaksInFiles([clean, leaky], sought)).toEqual([{ where: leaky, line: 2, what: 'the key' }]);
});
