// Shows the shelves of a shop's page for the current customer, all from one request, and their filter.

import * as api from './api.js';
import { byId, element } from './dom.js';
import { emptiedReason, reason } from './explain.js';
import { filterOf } from './filters.js';
import { nameOf } from './text.js';

const K = 6;
const TITLES = {
  because: 'Because of what they bought',
  recently_viewed: 'Bought last',
  trending: 'Trending',
  new: 'New',
  popular: 'Popular',
};

export class Shelves {
  #onBuy;
  #onFilter;

  /** Calls `onBuy(entry)` with a chosen product, and `onFilter()` when the filter changes. */
  constructor(onBuy, onFilter) {
    this.#onBuy = onBuy;
    this.#onFilter = onFilter;
    byId('category').addEventListener('change', () => this.#onFilter());
    byId('filter-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#onFilter();
    });
  }

  /** Offers the categories and attributes of the server's catalogue, if it has any. */
  async showCatalogue() {
    const { data } = await api.catalogue();
    const chosen = byId('category').value;
    byId('category').replaceChildren(element('option', { value: '' }, 'all categories'),
      ...data.categories.map(({ category, items }) => element('option', { value: category }, `${category} (${items})`)));
    byId('category').value = chosen;
    const labels = Object.keys(data.attributes);
    byId('filter').placeholder = labels.length > 0 ? `such as ${example(labels[0], data.attributes[labels[0]])}` : 'label = "sale"';
    byId('filter-form').hidden = data.items === 0;
  }

  /** Requests the shelves of a customer; resolves to the server's answer. */
  ask(user, { type }) {
    const kinds = ['trending', 'new', 'popular'];
    if (type === 'hybrid') { // other types have no counts of items that users had together
      kinds.unshift('because');
    }
    return api.shelves(user, kinds, K, this.#filter());
  }

  #filter() {
    return filterOf(byId('filter').value, byId('category').value);
  }

  show({ shelves }) {
    byId('shelf-list').replaceChildren(...shelves.map((shelf) => this.#shelf(shelf)));
  }

  #shelf({ kind, because, items, emptied_by: emptiedBy }) {
    const title = because === undefined ? TITLES[kind] : `Because of ${nameOf(because)}`;
    const none = emptiedBy === undefined ? 'Nothing yet.' : `Nothing is left: ${emptiedReason(emptiedBy)}.`;
    return element('section', { class: 'shelf', 'data-kind': kind, 'aria-label': title },
      element('h3', {}, title),
      ...(items.length === 0 ? [element('p', { class: 'note' }, none)] : []),
      element('ul', {}, ...items.map((entry) => this.#entry(entry))));
  }

  #entry(entry) {
    const button = element('button', { type: 'button', title: `${nameOf(entry)} (${entry.item})` },
      element('span', { class: 'for-readers' }, 'Buy '), nameOf(entry));
    button.addEventListener('click', () => this.#onBuy(entry));
    return element('li', { 'data-item': entry.item }, button,
      ...(entry.explanation === undefined ? [] : [element('p', { class: 'why' }, reason(entry.explanation))]));
  }
}

const example = (name, type) => (type === 'number' ? `${name} > 100` : `has ${name}`);
