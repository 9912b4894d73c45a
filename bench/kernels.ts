/** Measures of whole traces against NumPy's, and against a copy of the file that they read. */

import { medianMad } from '../tasks/lib/signal/median-mad.ts';
import { randomSource } from '../tasks/lib/signal/random.ts';
import { command } from './lib/command.ts';
import { compare } from './lib/compare.ts';
import { report } from './lib/report.ts';

const random = randomSource(1);
const trace = Float32Array.from({ length: 6_000_000 }, () => random() % 1000);
report('kernels', [
  await compare('median and MAD', [
    { name: 'plain', run: () => medianMad(trace) },
    command('cat', 'cat', ['package.json']),
  ]),
]);
