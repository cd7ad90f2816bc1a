// Customers to show: guests created by this page, which differ from the shop's customers by their ids.

import * as api from './api.js';

const GUEST = 'guest-';
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const SAMPLES = 3;
const SAMPLE_PURCHASES = 3;
const POPULAR = 50; // number of popular products to start from

export const isGuest = (id) => id.startsWith(GUEST);

export const newGuest = () => GUEST + randomWord(6);

/** Creates an event id: the server stores a repeated event with the same id once. */
export const newEventId = () => `page-${randomWord(20)}`;

function randomWord(length) {
  // crypto.randomUUID exists on https and localhost only.
  return Array.from(crypto.getRandomValues(new Uint32Array(length)), (value) => LETTERS[value % LETTERS.length]).join('');
}

/**
 * Makes a few different histories: each is a popular product with the two most similar ones, and no two histories are
 * similar. Resolves to arrays of products, fewer if the catalogue of `size` products is too small.
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
