/** Runs the tests of test/fuzz with new seeds and many more examples until the time is up: npm run fuzz -- --minutes 10 */
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
const end = Date.now() + Number(values.minutes) * 60_000;
const FUZZ = '20';

for (let round = 1; Date.now() < end; round++) {
  const SEED = String(randomInt(2 ** 31 - 1));
  const { status } = spawnSync('npx', ['vitest', 'run', 'test/fuzz', '--testTimeout', '600000'], {
    env: { ...process.env, SEED, FUZZ },
    stdio: 'inherit',
  });
  if (status !== 0) {
    console.log(`round ${round} failed; again with: SEED=${SEED} FUZZ=${FUZZ} npx vitest run test/fuzz`);
    process.exit(1);
  }
  console.log(`round ${round} with seed ${SEED}: nothing found`);
}
