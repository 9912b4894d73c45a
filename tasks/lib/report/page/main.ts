/** The page's script: sorts and filters the table, shows a single recording at a time, zooms its trace. */

import { makeFilterable } from './filter.ts';
import { showOneAtATime } from './one-at-a-time.ts';
import { makeSortable } from './sort.ts';
import { offerDark } from './theme.ts';
import { traceViewer } from './trace-viewer.ts';

offerDark();
const table = document.querySelector<HTMLTableElement>('table.recordings');
if (table) {
  makeSortable(table);
  makeFilterable(table);
}
showOneAtATime((article) => {
  const section = article.querySelector<HTMLElement>('section.trace');
  if (section) traceViewer(section);
});
