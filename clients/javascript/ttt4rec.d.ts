import type {
    Context,
    Event,
    EventResult,
    HistoryRequest,
    Item,
    Items,
    Problem,
    Recommendations,
    Scenario,
    Shelves,
    ShelvesRequest,
    SimilarItems,
    UserRecommendations,
} from './schemas.js';

export type * from './schemas.js';

/** Thrown if the server refuses a request, or does not answer any attempt; `status` is then 0. */
export declare class Ttt4recError extends Error {
    constructor(status: number, detail: string, problem?: Partial<Problem>);
    status: number;
    problem: Partial<Problem>;
}

export interface ClientOptions {
    token?: string | null;
    /** The number of attempts of a request. */
    tries?: number;
    /** The time limit of an attempt, in milliseconds. */
    timeout?: number;
}

export interface ListOptions {
    k?: number;
    filter?: string;
    scenario?: string;
    diversity?: number;
}

export interface UserListOptions extends ListOptions {
    exclude_seen?: boolean;
    only?: string[];
    exclude?: string[];
    explain?: boolean;
    /** Count the list as shown at once. */
    shown?: boolean;
    /** The circumstances; for a user of whom the model knows no item. */
    context?: Context;
}

export interface SearchOptions {
    query?: string;
    filter?: string;
    attributes?: boolean;
    limit?: number;
    /** `next` of the page before. */
    after?: string | null;
}

/** A client of one server. */
export declare class Client {
    constructor(url: string, options?: ClientOptions);
    send(
        user: string,
        item: string,
        options?: { time?: string | number; type?: string; value?: number; context?: Context; eventId?: string },
    ): Promise<EventResult>;
    sendAll(events: Event[], options?: { batch?: number }): Promise<EventResult[]>;
    recommend(user: string, options?: UserListOptions): Promise<UserRecommendations>;
    similar(item: string, options?: ListOptions): Promise<SimilarItems>;
    recommendAfter(history: string[], options?: Omit<HistoryRequest, 'history'>): Promise<Recommendations>;
    findItems(options?: SearchOptions): Promise<Items>;
    shelves(
        user: string | null | undefined,
        shelves: ShelvesRequest['shelves'],
        options?: Pick<ShelvesRequest, 'history' | 'types' | 'values' | 'context'>,
    ): Promise<Shelves['shelves']>;
    shown(
        user: string,
        items: string[],
        options?: { scenario?: string; list?: string },
    ): Promise<{ counted: number; duplicates: number }>;
    putItems(items: Item[], options?: { batch?: number }): Promise<number>;
    putScenario(name: string, scenario: Scenario): Promise<void>;
    forget(user: string): Promise<boolean>;
}
