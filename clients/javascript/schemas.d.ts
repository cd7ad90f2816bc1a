// Made from the schemas of the server's OpenAPI document by TypeScriptTypesTest; do not edit.

export type Id = string;

/** 12 hexadecimal digits of a hash over weights, settings and catalogue. */
export type ModelVersion = string;

export type Event = {
    user: Id;
    /** It need not be in the catalogue. Events of items that the model does not know are stored but ignored. */
    item: Id;
    /**
     * The time of the event: ISO 8601 (UTC without a zone), or epoch seconds, milliseconds, microseconds or
     * nanoseconds, recognised because only one unit gives a time from 1994 to 2099. The default is now. The time is
     * stored and shown; events are ordered by acceptance.
     */
    time?: number | string;
    /** The client's id of this event of this user; an event sent again under it changes nothing. */
    event_id?: Id;
    /**
     * What happened, such as view or buy. If the model was trained with roles of types (`event_types` of `GET /v1/model`), a type
     * without a role is rejected; an ignored or negative one is stored and not read by the model.
     */
    type?: Id;
    /** A number that belongs to it, such as a rating. */
    value?: number;
    context?: Context;
};

/**
 * The circumstances of an event or a request, such as `country` and `device`: at most 8 names of letters, digits, `_` and
 * `-`, with text each. `referrer_item` is the item from which the user came. It is stored with an event, and exported,
 * imported and forgotten with it. In a request for a list it serves users of whom the model knows no item: if it knows
 * `referrer_item`, the list is that after this one item (`basis`: `referrer`); otherwise, if the server learns from each
 * event (`--live-catalogue each-event`) and has events in this context, the items that are popular in it (`basis`:
 * `context`). Nothing is stored then. A member that is null is absent.
 */
export type Context = Record<string, string | null>;

export type EventResults = {
    results: Array<EventResult>;
};

export type EventResult = StoredEvent | RejectedEvent;

export type StoredEvent = {
    status: 'accepted' | 'accepted_unknown_item' | 'duplicate';
    /** The event's position among the user's events; for a duplicate, the position of the stored event. */
    position: number;
    event_id: Id;
};

export type RejectedEvent = {
    status: 'rejected';
    /** The event's index in the request. */
    index: number;
    /** The member that is wrong. */
    field?: string;
    error: string;
};

export type HistoryRequest = {
    /** An expression, as the parameter `filter`. */
    filter?: string;
    /** The shop's rules and defaults for this list, as the parameter `scenario`. */
    scenario?: string;
    /** Item ids, oldest first. Ids that the model does not know are ignored. Required without a `context`. */
    history?: Array<Id>;
    types?: HistoryTypes;
    values?: HistoryValues;
    context?: Context;
    k?: number;
    /** Recommend only these. */
    only?: Array<Id>;
    /** Do not recommend these. */
    exclude?: Array<Id>;
    exclude_seen?: boolean;
    diversity?: number;
    explain?: boolean;
    /** Freeze the fast weights, to see the effect of adaptation; only if `adaptive` is true. */
    frozen?: boolean;
};

export type ScoredItem = {
    item: Id;
    /** Comparable within one list only. */
    score: number;
    /** The display name, if the server knows one. */
    name?: string;
    /** A rule of the scenario fixed its place. */
    pinned?: true;
    explanation?: Explanation;
};

/** The terms of the score, logits that add up to it, without boosts. */
export type Explanation = {
    /** The term of the network, which reads the whole history. */
    network: number;
    popularity: number;
    /** The term of the user's earlier events of the item. */
    repeat: number;
    /** The term of the counts of items that users had together and one after another. */
    memory: number;
    /** The user's items that raise `repeat` and `memory` most. */
    events: Array<{
        item: Id;
        name?: string;
        logit: number;
    }>;
};

/**
 * The type of each event of the history, as in POST /v1/events; null for an event without a type. Events count by
 * their roles, as those of a stored user. Without `types` and `values`, all are targets of the first type.
 */
export type HistoryTypes = Array<string | null>;

/** The value of each event of the history, such as a rating; null for an event without a value. */
export type HistoryValues = Array<number | null>;

export type ShelfKind = 'personal' | 'similar' | 'bought_together' | 'because' | 'trending' | 'new' | 'popular' | 'recently_viewed' | 'complete';

export type ShelvesRequest = {
    user?: Id;
    /** Item ids, oldest first, instead of a user; nothing is stored. */
    history?: Array<Id>;
    types?: HistoryTypes;
    values?: HistoryValues;
    context?: Context;
    /** Count the items of all lists as shown to the user at once, as the parameter `shown`. */
    shown?: boolean;
    shelves: Array<{
        /** Your name for the list, unique in the request; by default its kind. */
        name?: string;
        kind: ShelfKind;
        /** For `similar` and `bought_together`; for `because`, by default the user's last item. */
        item?: string;
        /** The basket, for `complete`. */
        items?: Array<Id>;
        k?: number;
        exclude_seen?: boolean;
        filter?: string;
        scenario?: string;
        diversity?: number;
        /** Whether items give the terms of their scores. True for `because` by default. */
        explain?: boolean;
    }>;
};

export type Shelves = {
    user?: Id;
    model_version: ModelVersion;
    /** The number of the user's events that are reflected. */
    events: number;
    shelves: Array<{
        name: string;
        kind: ShelfKind;
        list?: ListId;
        /** The basis of the list, for `personal` and `complete`. */
        basis?: Basis;
        /** The item that explains a list of kind `because`; none if no item of the user has related items. */
        because?: {
            item: Id;
            name?: string;
        };
        items: Array<ScoredItem>;
        emptied_by?: EmptiedBy;
    }>;
    took_micros: number;
};

export type SimilarItems = {
    item: Id;
    scenario?: ScenarioName;
    items: Array<ScoredItem>;
    emptied_by?: EmptiedBy;
};

export type Recommendations = {
    basis: Basis;
    model_version: ModelVersion;
    /** The number of the user's events that are reflected, those of unknown items included. */
    events: number;
    items: Array<ScoredItem>;
    scenario?: ScenarioName;
    emptied_by?: EmptiedBy;
    left_out?: LeftOut;
    /** Processing time in the server, in microseconds. */
    took_micros: number;
};

/**
 * The basis of the list. `personal`: the user's events. For a user of whom the model knows no item it is `popularity`,
 * with frequencies as scores; with a `context` in the request it may be `referrer`, the item from which the user came,
 * or `context`, the popularity within the context, with shares of its events as scores.
 */
export type Basis = 'personal' | 'popularity' | 'context' | 'referrer';

/**
 * The first restriction after which no item was left, by the names of `left_out`: `availability`, `request`, `filter`,
 * `impressions` or a rule. Only if the list is empty.
 */
export type EmptiedBy = string;

/**
 * With `explain`: the restrictions that removed items, in the order in which they apply: `availability` (the deny list
 * and time windows), `request` (`only`, `exclude` and `exclude_seen`), `filter`, `impressions`, and rules by name.
 */
export type LeftOut = Array<{
    by: string;
    /** The number of items that it removed from those left before it. */
    items: number;
}>;

/** The id under which the list was counted as shown. */
export type ListId = Id;

export type UserRecommendations = {
    user: Id;
    list?: ListId;
    basis: Basis;
    model_version: ModelVersion;
    events: number;
    items: Array<ScoredItem>;
    scenario?: ScenarioName;
    emptied_by?: EmptiedBy;
    left_out?: LeftOut;
    took_micros: number;
};

export type User = {
    user: Id;
    /** The number of events, those no longer kept included. */
    events: number;
    model_version: ModelVersion;
    history: Array<{
        position: number;
        item: Id;
        name?: string;
        time: string;
        event_id: Id;
        type?: Id;
        value?: number;
        context?: Context;
        /** The use that the model in use makes of it. */
        role: 'target' | 'input' | 'negative' | 'ignored';
        /** Whether the current model knows the item. */
        known: boolean;
        /**
         * The inner loss before the event was learned; null if the current state does not include the event, or the
         * model has no fast weights.
         */
        inner_loss: number | null;
        /** The change of the fast weights by the event. */
        change: number | null;
    }>;
};

export type Items = {
    items: Array<{
        item: Id;
        name?: string;
        title?: string;
        group?: string;
        categories?: Array<string>;
        labels?: Words;
        available_from?: string;
        available_until?: string;
        attributes?: OwnAttributes;
    }>;
    /** The number of items on all pages. */
    total: number;
    /** The `after` of the next page; missing on the last page. */
    next?: Id;
};

export type Model = {
    version: ModelVersion;
    /** The type of model, such as `ttt4rec`. */
    type: string;
    /** The size of its catalogue, added items included. */
    items: number;
    /** The part of a long history that it reads. */
    policy: 'window' | 'hop' | 'unbounded' | 'reset';
    loaded_at: string;
    /** Whether it has fast weights that learn. */
    adaptive: boolean;
    /** The roles of events by type and value, such as `buy, view=input`; absent if all events are alike. */
    event_types?: string;
    /** Items added since it was trained; those that only their attributes added are not listed. */
    added_items: Array<Id>;
    /** Items that were added to an earlier model but have no similar items in this one. */
    left_out: Array<Id>;
    /** Users that the page shows first. */
    example_users: Array<Id>;
};

export type Health = {
    status: 'live' | 'ready';
};

export type Experiments = {
    experiments: Array<{
        name: ScenarioName;
        smallest_effect: number;
        started: string;
        arms: Array<{
            name: ScenarioName;
            directory?: string;
            weight: number;
            model_version: ModelVersion;
            /** Events of its users that were ranked just before they were stored. */
            events: number;
            /** The users they belong to. */
            users: number;
            ndcg_10: number;
            /** Half of the 95 % interval, with users as the independent units; absent with fewer than two users. */
            ndcg_10_half_width?: number;
            /** With the first arm; absent for that one and before both have 100 users. */
            comparison?: {
                /** The NDCG@10 of this arm less that of the first one. */
                difference: number;
                /** Half of the 95 % interval that holds however often one looks. */
                half_width: number;
                /** The p-value that holds however often one looks; it never rises. */
                p: number;
                /** Ranked events that the arm still needs for the smallest effect. */
                events_needed: number;
            };
        }>;
    }>;
};

export type ScenarioName = string;

export type Scenario = {
    /** The default number of items of a list. */
    k?: number;
    /** Whether to leave out items of the history by default. */
    exclude_seen?: boolean;
    /** How strongly lists avoid similar items by default. */
    diversity?: number;
    /** The treatment of items that a user was shown but did not take; at least `fade` or `cap`. */
    impressions?: {
        /** The amount by which each impression lowers the logarithm of the item's probability. */
        fade?: number;
        /** The days after which that effect has halved. */
        half_life_days?: number;
        /** The number of impressions after which an item is left out … */
        cap?: number;
        /** … until it has not been shown for this number of days. */
        cap_days?: number;
    };
    rules?: Array<Rule>;
};

/** A rule; answers use its name, by default its number. */
export type Rule = {
    name?: string;
    type: 'never' | 'only';
    where: string;
} | {
    name?: string;
    type: 'boost';
    where: string;
    factor: number;
} | {
    name?: string;
    type: 'pin';
    item: Id;
    place: number;
} | {
    name?: string;
    type: 'at_most';
    count: number;
    /** `category`, `label`, `group` or an attribute of type words. */
    per: string;
    /** For categories, the number of names from the root to compare. */
    level?: number;
} | {
    name?: string;
    type: 'one_per_group';
};

/** Whether the current model knows the item and can recommend it. */
export type Known = boolean;

export type SimilarTo = Array<Id>;

/** A path in the tree of categories, the root first; as one string with ` > ` between the names. */
export type Category = string | Array<string>;

export type Words = Array<string>;

/** The shop's own attributes. Each has one type for all items. */
export type OwnAttributes = Record<string, number | string | Words>;

export type ItemAttributes = {
    similar_to?: SimilarTo;
    /** Add the item to a model that lacks it, with the vectors of the items that have the most similar attributes, or with the vector of its own attributes if the model was trained with attributes. */
    by_content?: boolean;
    title?: string;
    text?: string;
    /** The same for all variants of one product. */
    group?: string;
    categories?: Array<Category>;
    labels?: Words;
    /** The time before which the item is not recommended; formats as in events. */
    available_from?: string | number;
    /** The time from which on the item is not recommended. */
    available_until?: string | number;
    attributes?: OwnAttributes;
};

export type Item = {
    item: Id;
    title?: string;
    text?: string;
    group?: string;
    categories?: Array<Category>;
    labels?: Words;
    available_from?: string | number;
    available_until?: string | number;
    attributes?: OwnAttributes;
};

export type ShownItem = {
    item: Id;
    known: Known;
    /**
     * Whether lists may contain it now: the model knows it, its availability is not switched off, it is not on the deny
     * list, and now is within its time window.
     */
    available: boolean;
    title?: string;
    text?: string;
    group?: string;
    categories?: Array<string>;
    labels?: Words;
    available_from?: string;
    available_until?: string;
    attributes?: OwnAttributes;
};

export type Catalogue = {
    /** The number of items with attributes. */
    items: number;
    /** The type of each of the shop's own attributes. */
    attributes: Record<string, 'number' | 'words'>;
    categories: Array<{
        category: string;
        /** The number of items in it and below it. */
        items: number;
    }>;
};

export type Problem = {
    type: 'about:blank';
    /** The meaning of the status. */
    title: string;
    status: number;
    /** What is wrong, and what to do. */
    detail: string;
    /** The place of an error in an expression. */
    at?: {
        /** The parameter or member with the expression. */
        field: string;
        /** The first wrong character; one past the last if something is missing at the end. */
        column: number;
    };
};

export type EventsProblem = {
    type: 'about:blank';
    title: string;
    status: 400;
    detail: string;
    /** One for each event, if the events could be parsed. */
    results?: Array<RejectedEvent>;
};
