/** A client of the ttt4rec server for browsers and node (18 and later), without dependencies. */

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
        this.#url = url.replace(/\/$/, '');
        this.#token = token;
        this.#tries = tries;
        this.#timeout = timeout;
    }

    /**
     * Stores one event, perhaps with its `type`, such as `view`, and `value`; it gets an id before it is first sent, so that it is not
     * stored twice.
     */
    async send(user, item, { time, type, value, eventId = crypto.randomUUID() } = {}) {
        const answer = await this.#call('POST', '/v1/events', [{ user, item, time, type, value, event_id: eventId }]);
        return answer.results[0];
    }

    /** Recommends the next items for a user; options `{k, filter, scenario, exclude_seen}`. */
    recommend(user, options = {}) {
        return this.#call('GET', `/v1/users/${encodeURIComponent(user)}/recommendations${query(options)}`);
    }

    /** Returns the items most similar to one; options `{k, filter, scenario}`. */
    similar(item, options = {}) {
        return this.#call('GET', `/v1/items/${encodeURIComponent(item)}/similar${query(options)}`);
    }

    /**
     * Recommends the next items after a history, without storing it; options as members of POST /v1/recommendations, such
     * as `types` and `values`, which have the type and the value of each event.
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
     * as `{kind: 'trending'}`. Instead of a user, options `{history, types, values}` as of `recommendAfter`.
     */
    async shelves(user, shelves, { history, types, values } = {}) {
        const answer = await this.#call('POST', '/v1/shelves', { user: user ?? undefined, history, types, values, shelves });
        return answer.shelves;
    }

    /** Reports a list that a user was shown. It gets an id, so that it counts only once. */
    shown(user, items, { scenario, list = crypto.randomUUID() } = {}) {
        return this.#call('POST', '/v1/impressions', { user, items, scenario, list });
    }

    async #call(method, path, body) {
        const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
        if (this.#token !== null) {
            headers.Authorization = `Bearer ${this.#token}`;
        }
        for (let attempt = 1; ; attempt++) {
            const failure = await this.#attempt(method, path, headers, body);
            if (!(failure instanceof Ttt4recError)) {
                return failure;
            }
            if (attempt === this.#tries || ![0, 429, 503].includes(failure.status)) {
                throw failure;
            }
            await new Promise(resolve => setTimeout(resolve, 100 * 2 ** (attempt - 1)));
        }
    }

    /** Returns the answer to one attempt, or the error that ended it. */
    async #attempt(method, path, headers, body) {
        try {
            const response = await fetch(this.#url + path, {
                method,
                headers,
                body: body === undefined ? undefined : JSON.stringify(body),
                keepalive: method === 'POST',
                signal: AbortSignal.timeout(this.#timeout),
            });
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

function query(options) {
    const given = Object.entries(options).filter(([, value]) => value !== undefined && value !== null);
    return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}
