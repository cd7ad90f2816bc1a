// Formats names and numbers.

const WHOLE = new Intl.NumberFormat('en');

/** Converts names in capitals, which many shops use, to a readable form. */
export function readable(name) {
  return /\p{Ll}/u.test(name) || !/\p{Lu}{3}/u.test(name)
    ? name
    : name.charAt(0) + name.slice(1).toLocaleLowerCase('en');
}

/** Returns a product's name, or its id if it has none. */
export const nameOf = (entry) => (entry.name ? readable(entry.name) : entry.item);

export const whole = (number) => WHOLE.format(number);

export const count = (number, one, many = `${one}s`) => `${whole(number)} ${number === 1 ? one : many}`;

/** Formats milliseconds with about three digits, such as 0.41, 3.2 or 120. */
export const millis = (value) => `${value.toFixed(value < 1 ? 2 : value < 100 ? 1 : 0)} ms`;

export const capital = (text) => text.charAt(0).toLocaleUpperCase('en') + text.slice(1);

/** Writes a string of a filter's expression. */
export const quoted = (text) => `"${text.replace(/["\\]/g, '\\$&')}"`;

const TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** Formats an ISO time in the time zone of the browser. */
export const time = (iso) => TIME.format(new Date(iso));
