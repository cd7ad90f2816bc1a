// Calls the server's HTTP API: one function, with errors as Problem and the time of each call.

/** Each tenant of a server has tokens of its own, so that a token is sent to the tenant alone for which it was given. */
const TOKEN = `ttt4rec.token ${new URL('.', location.href).pathname}`;
const LONGEST_WAIT_MILLIS = 20_000;

/**
 * The reason why a call failed: `status` is the HTTP status, or 0 if there was no answer; `at` is the field and the column of
 * an expression at fault, if any.
 */
export class Problem extends Error {
  constructor(status, title, detail, at = null) {
    super(detail);
    this.status = status;
    this.title = title;
    this.at = at;
  }
}

/** Stored for this tab only; an empty token is removed. */
export function setToken(token) {
  if (token === '') {
    sessionStorage.removeItem(TOKEN);
  } else {
    sessionStorage.setItem(TOKEN, token);
  }
}

export function hasToken() {
  return sessionStorage.getItem(TOKEN) !== null;
}

/**
 * Calls the server and resolves to `{data, millis}`: the JSON of the answer (null if it has none) and the time until it
 * was complete. Rejects with a Problem, or with an AbortError if `signal` was aborted.
 */
export async function call(method, path, { body, signal } = {}) {
  const headers = { Accept: 'application/json' };
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  if (hasToken()) {
    headers.Authorization = `Bearer ${sessionStorage.getItem(TOKEN)}`;
  }
  const patience = AbortSignal.timeout(LONGEST_WAIT_MILLIS);
  const begin = performance.now();
  let response;
  let text;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal === undefined ? patience : AbortSignal.any([signal, patience]),
    });
    text = await response.text();
  } catch (error) {
    if (signal?.aborted) {
      throw error;
    }
    throw new Problem(0, 'The server does not answer', patience.aborted
      ? `Nothing came within ${LONGEST_WAIT_MILLIS / 1000} seconds.`
      : 'It may have stopped, or the connection is lost.');
  }
  const millis = performance.now() - begin;
  const data = parse(text);
  if (!response.ok) {
    throw new Problem(response.status, data?.title ?? `Status ${response.status}`, data?.detail ?? '', data?.at ?? null);
  }
  return { data, millis };
}

function parse(text) {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null; // not from this server but a proxy's page; the status says what happened
  }
}

export const model = () => call('GET', 'v1/model');

export const searchItems = (query, limit, signal) =>
  call('GET', `v1/items?${new URLSearchParams({ query, limit })}`, { signal });

/** A page of the catalogue; `after` is the `next` of the page before, or null for the first one. */
export const listItems = (query, filter, after, limit) => call('GET', `v1/items?${new URLSearchParams(
  { query, limit, attributes: true, ...(filter === '' ? {} : { filter }), ...(after === null ? {} : { after }) })}`);

export const item = (id) => call('GET', `v1/items/${encodeURIComponent(id)}`);

export const similarItems = (item, k) => call('GET', `v1/items/${encodeURIComponent(item)}/similar?k=${k}`);

export const recommendTo = (user, k, excludeSeen) =>
  call('GET', `v1/users/${encodeURIComponent(user)}/recommendations?${new URLSearchParams({ k, exclude_seen: excludeSeen })}`);

export const recommendAfter = (history, k, options) =>
  call('POST', 'v1/recommendations', { body: { history, k, ...options } });

export const quality = () => call('GET', 'v1/quality');

export const experiments = () => call('GET', 'v1/experiments');

export const impressions = () => call('GET', 'v1/impressions');

export const scenarios = () => call('GET', 'v1/scenarios');

/** A list with explanations; `options` are parameters of the request. */
export const explainTo = (user, options) => call('GET',
  `v1/users/${encodeURIComponent(user)}/recommendations?${new URLSearchParams({ ...options, explain: true })}`);

export const catalogue = () => call('GET', 'v1/catalogue');

export const shelves = (user, kinds, k, filter) => call('GET', `v1/shelves?${new URLSearchParams(
  { user, kinds: kinds.join(','), k, exclude_seen: true, ...(filter === '' ? {} : { filter }) })}`);

export const user = (id) => call('GET', `v1/users/${encodeURIComponent(id)}`);

/** The last events of a user before the position `before`, or the last ones if it is null. */
export const events = (id, limit, before) => call('GET', `v1/users/${encodeURIComponent(id)}?${new URLSearchParams(
  { limit, ...(before === null ? {} : { before }) })}`);

export const forget = (id) => call('DELETE', `v1/users/${encodeURIComponent(id)}`);

/** Appends events; rejects with a Problem if the server rejected one of them. */
export async function append(events) {
  const answer = await call('POST', 'v1/events', { body: events });
  const rejected = answer.data.results.find((result) => result.status === 'rejected');
  if (rejected !== undefined) {
    throw new Problem(422, 'The server did not take the purchase', rejected.error ?? '');
  }
  return answer;
}
