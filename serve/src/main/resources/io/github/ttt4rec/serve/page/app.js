// The page: shows a customer, their purchases, and the resulting answers of the server.

import * as api from './api.js';
import { Chart } from './chart.js';
import { isGuest, newEventId, newGuest, sampleStarts } from './customers.js';
import { byId, element, hash } from './dom.js';
import { Links } from './links.js';
import { hideProblem, report as showProblem, say } from './problems.js';
import { Ranking } from './ranking.js';
import { Search } from './search.js';
import { Shelves } from './shelves.js';
import { capital, count, millis, nameOf, whole } from './text.js';

const K = 10;
const OPTIONS = 12; // number of products in a search result
const ROWS = 60; // number of events of the history to show, the latest
const BATCH = 100; // number of events in a request when a history is copied

/** The current customer. Replaced, never modified, when another one is opened. */
let customer = { id: '', events: 0, history: [] };
/** The server's description of its model. */
let model = { version: '', adaptive: true, items: 0, example_users: [] };
/**
 * The queue of requests to send: `{user, events, bought}`, where `bought` is the product, or null for a prepared
 * history.
 */
const outbox = [];
let isSending = false;
/** The number of the latest request about a customer: answers to older requests are not shown. */
let latest = 0;

const adaptive = new Ranking(byId('adaptive'), buy);
const frozen = new Ranking(byId('frozen'), buy);
const links = new Links(byId('adaptive').querySelector('ol'), byId('frozen').querySelector('ol'), byId('gutter'));
const chart = new Chart(byId('chart'));
const shelves = new Shelves(buy, () => refresh({ isChange: false }));
new Search({
  input: byId('search'),
  browse: byId('browse'),
  popup: byId('search-popup'),
  title: byId('search-title'),
  list: byId('search-options'),
}, find, buy, report);

// --- user actions ---

function open(id) {
  show(id);
  return refresh({ isChange: false });
}

function show(id) {
  customer = { id, events: 0, history: [] };
  if (hash() !== id) {
    location.hash = encodeURIComponent(id);
  }
  byId('bought').textContent = '\u00a0';
  hideForget();
  showCustomer();
  showHistory();
}

/** Creates a new customer who has bought these products. */
function openSample(items) {
  const id = newGuest();
  outbox.push({ user: id, events: items.map((entry) => eventOf(id, entry.item)), bought: null });
  show(id);
  send();
}

function buy(entry) {
  if (!isGuest(customer.id)) {
    goOnAsGuest();
  }
  const isWaiting = outbox.some((waiting) => waiting.user === customer.id && waiting.bought?.item === entry.item);
  if (!isWaiting) { // a second click during a purchase is not a second purchase
    outbox.push({ user: customer.id, events: [eventOf(customer.id, entry.item)], bought: entry });
  }
  send();
}

/** Does not change a shop's customer: purchases on this page go to a guest with the same history. */
function goOnAsGuest() {
  const id = newGuest();
  const events = customer.history.map((event) => ({ ...eventOf(id, event.item), time: event.time }));
  for (let from = 0; from < events.length; from += BATCH) {
    outbox.push({ user: id, events: events.slice(from, from + BATCH), bought: null });
  }
  customer = { ...customer, id };
  location.hash = encodeURIComponent(id);
  showCustomer();
}

const eventOf = (user, item) => ({ user, item, event_id: newEventId() });

async function find(query, signal) {
  if (query !== '') {
    return { title: 'Products', entries: (await api.searchItems(query, OPTIONS, signal)).data.items };
  }
  const last = customer.history.findLast((event) => event.known);
  return last === undefined
    ? { title: 'Popular', entries: (await api.recommendAfter([], OPTIONS)).data.items }
    : { title: `Similar to ${nameOf(last)}`, entries: (await api.similarItems(last.item, OPTIONS)).data.items };
}

async function forget() {
  const { id, events } = customer;
  try {
    await api.forget(id);
  } catch (problem) {
    report(problem, forget);
    return;
  }
  hideProblem();
  await open(id);
  say(`${id} is forgotten: ${count(events, 'purchase')} deleted.`);
  byId('search').focus();
}

// --- requests ---

/** Sends the queue, one request after the other; if the server fails, the rest waits for a retry. */
async function send() {
  if (isSending) {
    return;
  }
  isSending = true;
  try {
    while (outbox.length > 0) {
      const { user, events, bought } = outbox[0];
      const answer = await api.append(events);
      outbox.shift();
      if (user === customer.id) {
        customer.events += events.length;
        if (bought !== null) {
          byId('bought').textContent = `Stored in ${millis(answer.millis)}: ${nameOf(bought)}`;
        }
        await refresh({ isChange: bought !== null, bought });
      }
    }
  } catch (problem) {
    if (problem instanceof api.Problem && isRefused(problem)) {
      outbox.shift(); // it would be refused again and block the requests after it
      report(problem, null);
    } else {
      report(problem, send);
    }
  } finally {
    isSending = false;
  }
}

/** Returns whether a refusal is permanent, that is, not due to a missing token or a busy server. */
const isRefused = ({ status }) => status >= 400 && status < 500 && ![401, 403, 408, 429].includes(status);

/** Requests all data shown of the customer. */
async function refresh({ isChange, bought = null }) {
  const mine = ++latest;
  const asked = customer;
  const excludeSeen = !byId('repeat').checked;
  try {
    const own = await api.recommendTo(asked.id, K, excludeSeen);
    if (mine !== latest) {
      return;
    }
    if (own.data.model_version !== model.version) {
      await showModel();
    }
    links.clear();
    const changes = showList('adaptive', adaptive, own, isChange, bought);
    if (bought !== null) {
      announce(bought, changes, own.data.items);
    }
    const history = own.data.events > 0 ? (await api.user(asked.id)).data.history : [];
    if (mine !== latest) {
      return;
    }
    customer.events = own.data.events;
    customer.history = history;
    showCustomer();
    showHistory();
    if (model.adaptive) {
      const items = history.map((event) => event.item);
      const still = await api.recommendAfter(items, K, { exclude_seen: excludeSeen, frozen: true });
      if (mine !== latest) {
        return;
      }
      showList('frozen', frozen, still, isChange, bought);
      links.draw();
      if (still.data.basis === 'personal') {
        showShared(own.data.items, still.data.items);
      }
    }
    const page = await shelves.ask(asked.id, model);
    if (mine !== latest) {
      return;
    }
    shelves.show(page.data);
    if (isSending || outbox.length === 0) {
      hideProblem();
    }
  } catch (problem) {
    if (mine === latest) {
      byId('adaptive').classList.add('stale');
      byId('frozen').classList.add('stale');
      report(problem, () => refresh({ isChange: false }));
    }
  }
}

// --- display ---

function showList(id, ranking, { data, millis: roundTrip }, isChange, bought) {
  const section = byId(id);
  const isPopularity = data.basis === 'popularity';
  section.classList.remove('stale');
  section.classList.toggle('popularity', isPopularity);
  section.querySelector('.basis').textContent = isPopularity
    ? 'Popularity: nothing is known of them yet'
    : `Personal, after ${count(data.events, 'purchase')}`;
  section.querySelector('.latency').textContent =
    `Server ${millis(data.took_micros / 1000)} · round trip ${millis(roundTrip)}`;
  return ranking.show(data.items, isChange, bought?.item ?? null);
}

/** Shows the overlap of the two lists, which indicates the effect of the fast weights. */
function showShared(mine, others) {
  const items = new Set(mine.map((entry) => entry.item));
  const shared = others.filter((entry) => items.has(entry.item)).length;
  byId('frozen').querySelector('.basis').textContent += ` · shares ${shared} of ${others.length}`;
}

function showCustomer() {
  const guest = isGuest(customer.id);
  byId('customer-id').textContent = customer.id;
  byId('customer-facts').textContent = guest
    ? customer.events === 0 ? 'A guest of this page who has bought nothing yet' : `A guest of this page, ${count(customer.events, 'purchase')}`
    : `${count(customer.events, 'purchase')}. What is bought here goes to a copy of this customer`;
  byId('forget').hidden = !guest || customer.events === 0 || !byId('forget-confirm').hidden;
}

function showHistory() {
  const rows = customer.history.slice(-ROWS).reverse().map((event) => {
    const row = element('tr', { 'data-position': event.position },
      element('td', {}, whole(event.position + 1)),
      element('th', { scope: 'row', title: `${nameOf(event)} (${event.item})` },
        ...(event.known ? [] : [element('span', { class: 'unknown' }, 'unknown')]), nameOf(event)),
      element('td', { class: 'inner' }, number(event.inner_loss, 2)),
      element('td', { class: 'inner' }, number(event.change, 3)));
    row.addEventListener('mouseenter', () => chart.highlight(event.position));
    row.addEventListener('mouseleave', () => chart.highlight(null));
    return row;
  });
  byId('history').replaceChildren(...rows);
  const more = customer.events - rows.length;
  byId('history-note').textContent = customer.history.length === 0
    ? 'No purchases yet.'
    : more > 0 ? `and ${count(more, 'purchase')} before` : '';
  chart.show(customer.history);
}

const number = (value, digits) => (value === null || value === undefined ? '–' : value.toFixed(digits));

async function showModel() {
  model = (await api.model()).data;
  document.body.classList.toggle('without-fast-weights', !model.adaptive);
  byId('adaptive-heading').textContent = model.adaptive ? 'Adaptive' : `Model: ${model.type}`;
  byId('adaptive').querySelector('.about').textContent = model.adaptive ? 'learns from each purchase' : 'has no fast weights';
  byId('model').textContent = `${capital(model.type)} · ${count(model.items, 'product')} · model ${model.version} · `
    + `reads histories by the policy ${model.policy}`;
}

/**
 * Shows customers to choose from: the shop's example users if the server has any, otherwise prepared histories of its
 * products.
 */
async function showSamples() {
  const ofShop = model.example_users.map((id) => ({ label: id, title: id, choose: () => open(id) }));
  const samples = ofShop.length > 0 ? ofShop : (await sampleStarts(model.items)).map((items) =>
    ({ label: nameOf(items[0]), title: items.map(nameOf).join(', '), choose: () => openSample(items) }));
  byId('samples-label').textContent = ofShop.length > 0 ? 'or one of the shop' : 'or a buyer of';
  byId('samples').replaceChildren(...samples.map(({ label, title, choose }) => {
    const button = element('button', { type: 'button', class: 'sample', title }, label);
    button.addEventListener('click', choose);
    return element('li', {}, button);
  }));
}

function announce(bought, { moves, left }, items) {
  const kinds = [...moves.values()];
  const parts = [
    [kinds.filter((move) => move === 'new').length, 'new'],
    [kinds.filter((move) => move > 0).length, 'up'],
    [kinds.filter((move) => move < 0).length, 'down'],
    [left.length, 'left'],
  ].filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  say(`Bought ${nameOf(bought)}. The list: ${parts.join(', ') || 'as before'}. `
    + (items.length > 0 ? `First is now ${nameOf(items[0])}.` : 'It is empty.'));
}

// --- errors ---

/** Shows an error and what waits to be sent; `again` retries the action, null if a retry is pointless. */
function report(problem, again) {
  showProblem(problem, again,
    outbox.length > 0 ? `${capital(count(outbox.length, 'purchase waits', 'purchases wait'))} to be sent.` : '');
}

function hideForget() {
  byId('forget-confirm').hidden = true;
}

// --- set-up ---

byId('new-customer').addEventListener('click', () => open(newGuest()));
byId('open-customer').addEventListener('submit', (event) => {
  event.preventDefault();
  const id = byId('open-id').value.trim();
  if (id !== '') {
    byId('open-id').value = '';
    open(id);
  }
});
byId('repeat').addEventListener('change', () => refresh({ isChange: true }));
byId('forget').addEventListener('click', () => {
  byId('forget').hidden = true;
  byId('forget-confirm').hidden = false;
  byId('forget-yes').focus();
});
byId('forget-no').addEventListener('click', () => {
  hideForget();
  showCustomer();
  byId('forget').focus();
});
byId('forget-yes').addEventListener('click', forget);
addEventListener('hashchange', () => {
  const id = hash();
  if (id !== '' && id !== customer.id) {
    open(id);
  }
});

async function start() {
  try {
    await showModel();
    await shelves.showCatalogue();
    await open(hash() || newGuest());
    await showSamples();
  } catch (problem) {
    report(problem, start);
  }
}

start();
