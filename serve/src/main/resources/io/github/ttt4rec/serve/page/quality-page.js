// The page of the quality: the ranks of live events, the running experiment, and the items shown and taken.

import * as api from './api.js';
import { byId, element } from './dom.js';
import { attempt } from './problems.js';
import { showExperiments, showQuality } from './quality.js';
import { count, whole } from './text.js';

function showPlaces(places) {
  byId('places-part').hidden = places.length === 0;
  byId('places-note').textContent = places.length === 0
    ? 'No list was reported yet: POST /v1/impressions reports what users were shown.'
    : `${count(places.reduce((sum, { shown }) => sum + shown, 0), 'item')} shown. Taken: the user had an event of the item within a day.`;
  byId('places').tBodies[0].replaceChildren(...places.map(({ scenario, place, shown, taken, rate }) => element('tr', {},
    element('td', {}, String(place)), element('th', { scope: 'row' }, scenario),
    element('td', {}, whole(shown)), element('td', {}, whole(taken)), element('td', {}, `${(100 * rate).toFixed(1)} %`))));
}

attempt(async () => {
  showQuality(byId('quality'), byId('quality-note'), (await api.quality()).data);
  const { experiments } = (await api.experiments()).data;
  showExperiments(byId('experiment'), byId('experiment-note'), experiments);
  byId('no-experiment').hidden = experiments.length > 0;
  showPlaces((await api.impressions()).data.places);
});
