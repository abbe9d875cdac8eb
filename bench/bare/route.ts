/** A process with one bare Express route: verifies a signature and commits one row, in the same database as ours. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import express from 'express';
import pg from 'pg';

const key = process.env['BARE_KEY'] ?? '';
const pool = new pg.Pool({ connectionString: process.env['BARE_DATABASE_URL'], max: 20 });
await pool.query(
  'create table if not exists bench_deliveries (id text primary key, order_id bigint not null, at timestamptz default now())',
);

const app = express();
app.post('/', express.raw({ type: '*/*' }), async (req, res) => {
  const body = req.body as Buffer;
  const [id, at, given] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => req.get(name) ?? '');
  const expected = createHmac('sha256', key).update(`${id}.${at}.`).update(body).digest();
  const signature = Buffer.from(given!.slice('v1,'.length), 'base64');
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return void res.sendStatus(401);
  const { data } = JSON.parse(body.toString()) as { data: { id: number } };
  await pool.query('insert into bench_deliveries (id, order_id) values ($1, $2) on conflict do nothing', [id, data.id]);
  res.sendStatus(200);
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`ready ${(server.address() as AddressInfo).port}\n`);
});
process.once('SIGTERM', () => server.close(() => void pool.end().then(() => process.exit())));
