// Lists of items on the pages of the console: each item is a link to its page in the catalogue.

import { element } from './dom.js';
import { reason } from './explain.js';
import { nameOf } from './text.js';

/** The link to an item in the catalogue. */
export const itemLink = (entry) => element('a', { href: `catalogue.html#${encodeURIComponent(entry.item)}`, title: entry.item }, nameOf(entry));

/** A row of a list, with the explanation of its place if there is one. */
export function row(entry) {
  return element('li', { 'data-item': entry.item },
    element('div', {},
      element('span', { class: 'named' }, itemLink(entry), ...(entry.pinned ? [element('span', { class: 'pinned' }, 'pinned')] : [])),
      ...(entry.explanation === undefined ? [] : [element('p', { class: 'why' }, reason(entry.explanation))])));
}

/** The options of a select element: its first one, and others as `[value, text]`. */
export function offer(select, options) {
  const chosen = select.value;
  select.replaceChildren(select.options[0], ...options.map(([value, text]) => element('option', { value }, text)));
  select.value = chosen;
}
