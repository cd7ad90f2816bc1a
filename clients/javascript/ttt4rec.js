/** A client of the ttt4rec server for browsers and node (18 and later), without dependencies. */

/** The largest body, in UTF-16 units, that a browser may be asked to send after its page has closed: they take 64 KiB in all. */
const KEPT_ALIVE = 8192;

/** Thrown if the server refuses a request, or does not answer any attempt; `status` is then 0. */
export class Ttt4recError extends Error {
    constructor(status, detail, problem = {}) {
        super(detail);
        this.name = 'Ttt4recError';
        this.status = status;
        this.problem = problem;
    }
}

/** A client of one server. It tries a request up to `tries` times if the server is busy or the connection breaks. */
export class Client {
    #url;
    #token;
    #tries;
    #timeout;

    constructor(url, { token = null, tries = 4, timeout = 10_000 } = {}) {
        this.#url = url.replace(/\/+$/, '');
        this.#token = token;
        this.#tries = tries;
        this.#timeout = timeout;
    }

    /**
     * Stores one event, perhaps with its `type`, such as `view`, `value`, and `context`, such as `{country: 'DE'}`; it gets an id before it
     * is first sent, so that it is not stored twice.
     */
    async send(user, item, { time, type, value, context, eventId } = {}) {
        const [result] = await this.sendAll([{ user, item, time, type, value, context, event_id: eventId }]);
        return result;
    }

    /**
     * Stores events, members of POST /v1/events, `batch` per request; returns the server's result for each, in order. Events
     * without an `event_id` get one before they are first sent.
     */
    async sendAll(events, { batch = 500 } = {}) {
        const waiting = events.map(event => ({ ...event, event_id: event.event_id ?? newId() }));
        const results = [];
        for (let start = 0; start < waiting.length; start += batch) {
            const answer = await this.#call('POST', '/v1/events', waiting.slice(start, start + batch), { outlivesPage: true });
            results.push(...answer.results);
        }
        return results;
    }

    /**
     * Recommends the next items for a user; options `{k, filter, scenario, exclude_seen, only, exclude, diversity, explain, shown, context}`,
     * the last of which decides on the list of a user of whom the model knows no item.
     */
    recommend(user, options = {}) {
        return this.#call('GET', `/v1/users/${encodeURIComponent(user)}/recommendations${query(options)}`);
    }

    /** Returns the items most similar to one; options `{k, filter, scenario, diversity}`. */
    similar(item, options = {}) {
        return this.#call('GET', `/v1/items/${encodeURIComponent(item)}/similar${query(options)}`);
    }

    /**
     * Recommends the next items after a history, without storing it; options as members of POST /v1/recommendations, such
     * as `types` and `values`, which have the type and the value of each event, and `context` for a user with an empty history.
     */
    recommendAfter(history, options = {}) {
        return this.#call('POST', '/v1/recommendations', { history, ...options });
    }

    /**
     * Returns a page of the model's items, as `{items, total, next}`; options `{query, filter, attributes, limit, after}`,
     * the last of which is `next` of the page before.
     */
    findItems(options = {}) {
        return this.#call('GET', `/v1/items${query(options)}`);
    }

    /**
     * Returns several lists, none of which repeats an item of an earlier one; each shelf as in POST /v1/shelves, such
     * as `{kind: 'trending'}`. Instead of a user, options `{history, types, values}` as of `recommendAfter`; `context` as of `recommend`.
     */
    async shelves(user, shelves, { history, types, values, context } = {}) {
        const answer = await this.#call('POST', '/v1/shelves', { user: user ?? undefined, history, types, values, context, shelves });
        return answer.shelves;
    }

    /** Reports a list that a user was shown. It gets an id, so that it counts only once. */
    shown(user, items, { scenario, list = newId() } = {}) {
        return this.#call('POST', '/v1/impressions', { user, items, scenario, list }, { outlivesPage: true });
    }

    /** Stores attributes of items, `batch` per request; returns their number. Needs an admin token. */
    async putItems(items, { batch = 500 } = {}) {
        for (let start = 0; start < items.length; start += batch) {
            await this.#call('POST', '/v1/items', items.slice(start, start + batch));
        }
        return items.length;
    }

    /** Stores the rules and defaults of a scenario. Needs an admin token. */
    async putScenario(name, scenario) {
        await this.#call('PUT', `/v1/scenarios/${encodeURIComponent(name)}`, scenario);
    }

    /** Deletes all data of a user; returns false if there is none. Needs an admin token. */
    async forget(user) {
        try {
            await this.#call('DELETE', `/v1/users/${encodeURIComponent(user)}`);
            return true;
        } catch (error) {
            if (error.status === 404) {
                return false;
            }
            throw error;
        }
    }

    async #call(method, path, body, { outlivesPage = false } = {}) {
        const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
        if (this.#token !== null) {
            headers.Authorization = `Bearer ${this.#token}`;
        }
        const text = body === undefined ? undefined : JSON.stringify(body);
        const request = { method, headers, body: text, keepalive: outlivesPage && text.length <= KEPT_ALIVE };
        for (let attempt = 1; ; attempt++) {
            const failure = await this.#attempt(path, request);
            if (!(failure instanceof Ttt4recError)) {
                return failure;
            }
            if (attempt === this.#tries || ![0, 429, 503].includes(failure.status)) {
                throw failure;
            }
            // Browsers refuse requests that outlive the page while too many others do.
            request.keepalive &&= failure.status !== 0;
            await new Promise(resolve => setTimeout(resolve, 100 * 2 ** (attempt - 1)));
        }
    }

    /** Returns the answer to one attempt, or the error that ended it. */
    async #attempt(path, request) {
        try {
            const response = await fetch(this.#url + path, { ...request, signal: AbortSignal.timeout(this.#timeout) });
            const text = await response.text();
            if (response.ok) {
                return text === '' ? null : JSON.parse(text);
            }
            const problem = text.startsWith('{') ? JSON.parse(text) : {};
            return new Ttt4recError(response.status, problem.detail ?? response.statusText, problem);
        } catch (error) {
            return new Ttt4recError(0, String(error));
        }
    }
}

/** Returns a random id. Browsers have `crypto.randomUUID` on pages with TLS only. */
function newId() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');
}

function encoded(value) {
    return encodeURIComponent(typeof value === 'object' ? JSON.stringify(value) : value);
}

function query(options) {
    const given = Object.entries(options).filter(([, value]) => value !== undefined && value !== null);
    const parts = given.map(([name, value]) => `${name}=${[value].flat().map(encoded).join(',')}`);
    return parts.length === 0 ? '' : `?${parts.join('&')}`;
}
