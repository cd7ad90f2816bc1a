// Tries the client on a real server, which has the items i0, i1, ... and no tokens: node selftest.js URL
import assert from 'node:assert/strict';
import { Client, Ttt4recError } from './ttt4rec.js';

const client = new Client(process.argv[2]);
assert.equal((await client.send('anna/1', 'i1', { eventId: 'e1' })).status, 'accepted');
assert.equal((await client.send('anna/1', 'i1', { eventId: 'e1' })).status, 'duplicate');
assert.equal((await client.send('anna/1', 'i2')).position, 1);
assert.equal((await client.send('bert', 'i1', { type: 'rating', value: 4.5 })).status, 'accepted');
const best = await client.recommend('anna/1', { k: 3, exclude_seen: true });
assert.equal(best.items.length, 3);
assert.equal(best.events, 2);
assert.deepEqual((await client.recommend('anna/1', { filter: "item = 'i7'" })).items.map(each => each.item), ['i7']);
assert.equal((await client.similar('i3', { k: 2 })).items.length, 2);
const [recent, trending] = await client.shelves('anna/1', [{ kind: 'recently_viewed', k: 1 }, { kind: 'trending' }]);
assert.deepEqual(recent.items.map(each => each.item), ['i2']);
assert.deepEqual(trending.items.map(each => each.item), ['i1']);
assert.equal((await client.shown('anna/1', ['i8', 'i9'], { scenario: 'home', list: 'v1' })).counted, 2);
assert.equal((await client.shown('anna/1', ['i8', 'i9'], { scenario: 'home', list: 'v1' })).counted, 0);
assert.equal((await client.recommendAfter(['i3'], { k: 4 })).items.length, 4);
assert.equal((await client.recommendAfter(['i3', 'i4'], { types: ['view', null] })).events, 2);
await assert.rejects(client.recommendAfter(['i3'], { types: [] }), error => error.status === 400 && error.message.startsWith('types has 0 elements'));
const page = await client.findItems({ limit: 2 });
assert.deepEqual(page, { items: [{ item: 'i0' }, { item: 'i1' }], total: 30, next: 'i1' });
assert.deepEqual((await client.findItems({ query: 'i2', filter: "item = 'i2'", after: null })).items, [{ item: 'i2' }]);
await assert.rejects(client.recommend('anna/1', { filter: 'price <' }), error => error.status === 400 && error.problem.at.column === 1);
await assert.rejects(new Client('http://127.0.0.1:1', { tries: 2 }).recommend('anna'), error => error instanceof Ttt4recError && error.status === 0);
console.log('all is well');
