import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pipelineSchema } from '../../../schemas/pipeline.ts';
import { resourcesOf } from '../../../src/pipeline/check/resources.ts';
import { expand } from '../../../src/pipeline/expand.ts';
import { readYaml } from '../../../src/pipeline/text/document.ts';
import { mistakes, steps, valid } from './mistakes.ts';

const untold = { cpus: null, memory: null, time: null };
const detect = (resources: string) => steps(`    resources: ${resources}\n`);
const read = (resources: string) => valid(detect(resources)).steps[1]?.resources;
const slurm = (settings: string) => `${steps('')}slurm: ${settings}\n`;

describe('resources of a step', () => {
  test('resources of a step are in bytes and seconds, null if not told', () => {
    expect(read('{ cpus: 2, memory: 4GB, time: 30m }')).toEqual({ cpus: 2, memory: 4e9, time: 1800 });
    expect(read('{ memory: 1.5GiB, time: 90 }')).toEqual({ cpus: null, memory: 1.5 * 2 ** 30, time: 90 });
    expect(read('{}')).toEqual(untold);
    expect(valid(steps('')).steps.map(({ resources }) => resources)).toEqual([untold, untold]);
  });

  test('resources of the wrong form are reported', () => {
    expect(mistakes(detect('{ cpus: 0, memory: 4, time: 30min }'))).toMatchInlineSnapshot(`
      "pipeline.yaml:11:24: 'cpus' must be a whole number of 1 or more
              resources: { cpus: 0, memory: 4, time: 30min }
                                 ~

      pipeline.yaml:11:35: 'memory' is a size with its unit, such as 500MB or 4GB
              resources: { cpus: 0, memory: 4, time: 30min }
                                            ~

      pipeline.yaml:11:44: 'time' is a duration, such as 90s, 30m, 2h or 1d, or a number of seconds
              resources: { cpus: 0, memory: 4, time: 30min }
                                                     ~~~~~

      3 mistakes"
    `);
    expect(mistakes(detect('{ cpus: 1.5, memory: 4 gigabytes, time: 1:30:00 }'))).toMatchInlineSnapshot(`
      "pipeline.yaml:11:24: 'cpus' must be a whole number of 1 or more
              resources: { cpus: 1.5, memory: 4 gigabytes, time: 1:30:00 }
                                 ~~~

      pipeline.yaml:11:37: 'memory' is a size with its unit, such as 500MB or 4GB
              resources: { cpus: 1.5, memory: 4 gigabytes, time: 1:30:00 }
                                              ~~~~~~~~~~~

      pipeline.yaml:11:56: 'time' is a duration, such as 90s, 30m, 2h or 1d, or a number of seconds
              resources: { cpus: 1.5, memory: 4 gigabytes, time: 1:30:00 }
                                                                 ~~~~~~~

      3 mistakes"
    `);
    expect(mistakes(detect('{ cpu: 2, mem: 4GB, time: -1, memory: 0GB }'))).toMatchInlineSnapshot(`
      "pipeline.yaml:11:18: 'resources' has no 'cpu'
              resources: { cpu: 2, mem: 4GB, time: -1, memory: 0GB }
                           ~~~
        did you mean 'cpus'?

      pipeline.yaml:11:26: 'resources' has no 'mem'
              resources: { cpu: 2, mem: 4GB, time: -1, memory: 0GB }
                                   ~~~
        it can have: cpus, memory, time

      pipeline.yaml:11:42: 'time' is a duration, such as 90s, 30m, 2h or 1d, or a number of seconds
              resources: { cpu: 2, mem: 4GB, time: -1, memory: 0GB }
                                                   ~~

      pipeline.yaml:11:54: 'memory' is a size with its unit, such as 500MB or 4GB
              resources: { cpu: 2, mem: 4GB, time: -1, memory: 0GB }
                                                               ~~~

      4 mistakes"
    `);
    expect(mistakes(detect('2'))).toMatchInlineSnapshot(`
      "pipeline.yaml:11:16: 'resources' must be a map of names and values
              resources: 2
                         ~

      1 mistake"
    `);
  });
});

describe('place of execution', () => {
  test('a pipeline runs on this machine unless the document or a profile chooses Slurm', () => {
    const noSettings = { partition: null, account: null, resources: untold, options: [] };
    expect(valid(steps(''))).toMatchObject({ on: 'local', slurm: noSettings });
    const text = `${slurm('{ partition: main, memory: 2GB, options: [--qos=short] }')}profiles:
  cluster: { on: slurm, slurm: { partition: "long,main", account: lab, cpus: 2, memory: null, time: 1d, options: ["--qos=long", --exclusive] } }
`;
    expect(valid(text)).toMatchObject({ on: 'local', slurm: { partition: 'main', options: ['--qos=short'] } });
    expect(valid(text, { profile: 'cluster' })).toMatchObject({
      on: 'slurm',
      slurm: {
        partition: 'long,main',
        account: 'lab',
        resources: { cpus: 2, memory: null, time: 86_400 },
        options: ['--qos=long', '--exclusive'],
      },
    });
  });

  test('settings of Slurm of the wrong form are reported', () => {
    expect(mistakes(`${steps('')}on: slurmm\n`)).toMatchInlineSnapshot(`
      "pipeline.yaml:11:5: 'on' must be 'local' or 'slurm'
          on: slurmm
              ~~~~~~
        did you mean 'slurm'?

      1 mistake"
    `);
    expect(
      mistakes(slurm('{ partition: -p, account: 1234, memory: 4, queue: main, options: -x }')),
    ).toMatchInlineSnapshot(`
      "pipeline.yaml:11:21: 'partition' is the name of a partition; sinfo lists them
          slurm: { partition: -p, account: 1234, memory: 4, queue: main, options: -x }
                              ~~

      pipeline.yaml:11:34: 'account' must be text
          slurm: { partition: -p, account: 1234, memory: 4, queue: main, options: -x }
                                           ~~~~
        put it in quotes: "1234"

      pipeline.yaml:11:48: 'memory' is a size with its unit, such as 500MB or 4GB
          slurm: { partition: -p, account: 1234, memory: 4, queue: main, options: -x }
                                                         ~

      pipeline.yaml:11:51: 'slurm' has no 'queue'
          slurm: { partition: -p, account: 1234, memory: 4, queue: main, options: -x }
                                                            ~~~~~
        it can have: partition, account, cpus, memory, time, options

      pipeline.yaml:11:73: 'options' must be a list
          slurm: { partition: -p, account: 1234, memory: 4, queue: main, options: -x }
                                                                                  ~~

      5 mistakes"
    `);
    expect(mistakes(slurm('{ options: [-p main, --qos long, 3, "--comment=a b"] }'))).toMatchInlineSnapshot(`
      "pipeline.yaml:11:20: an option of sbatch is written '--name' or '--name=value'
          slurm: { options: [-p main, --qos long, 3, "--comment=a b"] }
                             ~~~~~~~

      pipeline.yaml:11:29: an option of sbatch is written '--name' or '--name=value'
          slurm: { options: [-p main, --qos long, 3, "--comment=a b"] }
                                      ~~~~~~~~~~

      pipeline.yaml:11:41: item 3 of 'options' must be text
          slurm: { options: [-p main, --qos long, 3, "--comment=a b"] }
                                                  ~
        put it in quotes: "3"

      3 mistakes"
    `);
  });

  test('sbatch options that groundproof sets itself are refused, also in their short forms', () => {
    const options = [
      '--array=1-3',
      '--job-name=x',
      '--output=x',
      '--error=x',
      '--dependency=singleton',
      '--depend=singleton',
      '--parsable',
      '--wrap=ls',
      '--chdir=/',
      '--export=ALL',
      '--requeue',
      '--wait',
      '--mem=4G',
      '--part=main',
    ];
    expect(
      mistakes(slurm(`\n  options:\n${options.map((option) => `    - ${option}\n`).join('')}`)),
    ).toMatchInlineSnapshot(`
      "pipeline.yaml:13:7: '--array' cannot be given: a job array has one task for each recording
              - --array=1-3
                ~~~~~~~
        remove it

      pipeline.yaml:14:7: '--job-name' cannot be given: jobs are found again by their names
              - --job-name=x
                ~~~~~~~~~~
        remove it

      pipeline.yaml:15:7: '--output' cannot be given: what a job prints is kept beside the submission
              - --output=x
                ~~~~~~~~
        remove it

      pipeline.yaml:16:7: '--error' cannot be given: what a job prints is kept beside the submission
              - --error=x
                ~~~~~~~
        remove it

      pipeline.yaml:17:7: '--dependency' cannot be given: jobs wait for each other as their steps do
              - --dependency=singleton
                ~~~~~~~~~~~~
        remove it

      pipeline.yaml:18:7: '--dependency' cannot be given: jobs wait for each other as their steps do
              - --depend=singleton
                ~~~~~~~~
        remove it

      pipeline.yaml:19:7: '--parsable' cannot be given: groundproof reads what sbatch answers
              - --parsable
                ~~~~~~~~~~
        remove it

      pipeline.yaml:20:7: '--wrap' cannot be given: the job's script is its own
              - --wrap=ls
                ~~~~~~
        remove it

      pipeline.yaml:21:7: '--chdir' cannot be given: steps run in the folder of the pipeline
              - --chdir=/
                ~~~~~~~
        remove it

      pipeline.yaml:22:7: '--export' cannot be given: groundproof says what a job gets of the environment
              - --export=ALL
                ~~~~~~~~
        remove it

      pipeline.yaml:23:7: '--requeue' cannot be given: how often an action is tried is its step's 'retries'
              - --requeue
                ~~~~~~~~~
        remove it

      pipeline.yaml:24:7: '--wait' cannot be given: groundproof waits for its jobs itself
              - --wait
                ~~~~~~
        remove it

      pipeline.yaml:25:7: '--mem' is written as 'memory' in 'slurm'
              - --mem=4G
                ~~~~~

      pipeline.yaml:26:7: '--partition' is written as 'partition' in 'slurm'
              - --part=main
                ~~~~~~

      14 mistakes"
    `);
    const others =
      '[--mem-bind=local, --time-min=1, --wait-all-nodes=1, --exclusive, --nice, --exclude=n1, --gres=gpu:1]';
    expect(mistakes(slurm(`{ options: ${others} }`))).toBe('none');
  });
});

test('resources and settings of Slurm are not part of a key', () => {
  const bare = ({ step: { resources, ...step }, ...action }: ReturnType<typeof expand>['actions'][number]) => ({
    ...action,
    step,
  });
  const changed = `on: slurm\nslurm: { partition: main }\n${detect('{ cpus: 2, memory: 4GB, time: 30m }')}`;
  expect(expand(valid(changed)).actions.map(bare)).toEqual(expand(valid(steps(''))).actions.map(bare));
});

test('every amount that the schema allows is read as more than 0', () => {
  const { resources } = pipelineSchema.properties.steps.additionalProperties.properties;
  const isRight = new Ajv2020({ strict: false }).compile(resources);
  const number = fc.oneof(fc.nat({ max: 5 }).map(String), fc.constantFrom('0.0', '0.5', '0.0001', '1e3', '10'));
  const amount = fc
    .tuple(number, fc.constantFrom('', ' '), fc.constantFrom('', ...'smhdKMGTk', 'KB', 'mb', 'GiB', 'B', 'iB'))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.constantFrom('memory' as const, 'time' as const), amount, (name, text) => {
      const { node } = readYaml({ name: 'resources', text: `{ ${name}: "${text}" }` });
      if (isRight({ [name]: text })) expect(resourcesOf(node ?? undefined)[name]).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});
