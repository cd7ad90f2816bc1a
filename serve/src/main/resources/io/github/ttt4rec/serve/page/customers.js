// Who there is to look at: guests invented here, told from a shop's own customers by their id.

import * as api from './api.js';

const GUEST = 'guest-';
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const SAMPLES = 3;
const SAMPLE_PURCHASES = 3;
const POPULAR = 50; // the products from which the first ones are chosen

export const isGuest = (id) => id.startsWith(GUEST);

export const newGuest = () => GUEST + randomWord(6);

/** For events: a repeated one with the same id is stored once. */
export const newEventId = () => `page-${randomWord(20)}`;

function randomWord(length) {
  // crypto.randomUUID exists on https and localhost only.
  return Array.from(crypto.getRandomValues(new Uint32Array(length)), (value) => LETTERS[value % LETTERS.length]).join('');
}

/**
 * A few beginnings that differ: each is a popular product with the two most like it, and none is much like another.
 * Resolves to arrays of products, fewer where a catalogue, of `size` products, has no more.
 */
export async function sampleStarts(size) {
  const popular = (await api.recommendAfter([], POPULAR)).data.items;
  const neighbourhood = Math.min(POPULAR, Math.ceil(size / 10));
  const starts = [];
  const near = new Set();
  for (const first of popular) {
    if (starts.length < SAMPLES && !near.has(first.item)) {
      const similar = (await api.similarItems(first.item, neighbourhood)).data.items;
      starts.push([first, ...similar.slice(0, SAMPLE_PURCHASES - 1)]);
      [first, ...similar].forEach((entry) => near.add(entry.item));
    }
  }
  return starts;
}
