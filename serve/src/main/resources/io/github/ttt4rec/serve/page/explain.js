// Says in words why an item is in a list, and why a list has fewer items.

import { capital, count, nameOf } from './text.js';

/** Describes the events that moved an item, and the largest term of its score. */
export function reason({ network, popularity, repeat, memory, events }) {
  const terms = Object.entries({ network, popularity, repeat, memory })
    .filter(([, logit]) => Math.abs(logit) >= 0.05)
    .map(([name, logit]) => `${name} ${logit > 0 ? '+' : '−'}${Math.abs(logit).toFixed(1)}`).join(', ');
  const moved = events.filter((event) => event.logit >= 0.05).map((event) => `${nameOf(event)} +${event.logit.toFixed(1)}`).join(', ');
  return moved === '' ? capital(terms) : `${moved}. ${capital(terms)}`;
}

const RESTRICTIONS = {
  availability: 'not available now',
  request: 'left out by the request, such as items that the user had',
  filter: 'left out by the filter',
  impressions: 'shown too often',
};

const ruleOf = (name) => `left out by ${/^rule \d+$/.test(name) ? name : `the rule “${name}”`}`;

/** Says in words which restriction left nothing of a list. */
export const emptiedReason = (by) => `the last items are ${RESTRICTIONS[by] ?? ruleOf(by)}`;

/** Lists the restrictions that removed items from a list of `total` items, in their order; empty if none did. */
export function restrictions({ left_out: leftOut = [] }, total) {
  let left = total;
  return leftOut.map(({ by, items }) => {
    left -= items;
    return `${count(items, 'item')} ${RESTRICTIONS[by] ?? ruleOf(by)}, ${count(left, 'item')} left`;
  });
}
