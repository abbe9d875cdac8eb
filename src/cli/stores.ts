import { pauseOrResume } from '../stores/pause.ts';
import { need, storeArgument, type Command } from './command.ts';

export const listStores: Command = {
  words: 'stores',
  summary: 'lists the connected stores',
  async run({ stores }) {
    const list = await stores.list();
    const lines = list.map((store) => `${store.storeHash.padEnd(14)} ${store.state.padEnd(13)} ${store.name}`);
    return { lines: lines.length > 0 ? lines : ['No store is connected yet.'], json: { stores: list } };
  },
};

export const pauseStore: Command = {
  words: 'stores pause',
  summary: 'books nothing more for a store and writes nothing to it; orders are read and parcels followed',
  arguments: [storeArgument],
  async run({ stores, who }, { positionals }) {
    const store = await pauseOrResume(stores, need(positionals[0], 'The store hash'), 'paused', who);
    const lines = [
      `Store ${store.storeHash} is paused. It goes on with: npm run lahetti -- stores resume ${store.storeHash}`,
    ];
    return { lines, json: { store } };
  },
};

export const resumeStore: Command = {
  words: 'stores resume',
  summary: 'ends the pause of a store; its orders go on by themselves',
  arguments: [storeArgument],
  async run({ stores, who }, { positionals }) {
    const store = await pauseOrResume(stores, need(positionals[0], 'The store hash'), 'connected', who);
    return { lines: [`Store ${store.storeHash} goes on.`], json: { store } };
  },
};
