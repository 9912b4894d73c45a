/** Random preimages from few words, so that two of them are often nearly the same. */
import fc from 'fast-check';
import type { JsonObject } from '../../src/base/json.ts';
import { type Digest, digestOf } from '../../src/files/digest.ts';
import type { InputIdentity, Preimage, TaskIdentity } from '../../src/store/key.ts';
import type { OutputPort } from '../../src/task/ports.ts';

const name = fc.constantFrom('a', 'b', 'toString');
const digest: fc.Arbitrary<Digest> = fc.constantFrom('x', 'y').map(digestOf);
const content = fc.record({ digest, extension: fc.constantFrom('', '.a') });
const absent = fc.constant({ absent: true as const });

const task: fc.Arbitrary<TaskIdentity> = fc.oneof(
  fc.record({
    kind: fc.constant('module' as const),
    code: digest,
    packages: fc.subarray(['p@1', 'p@2', 'q@1']),
  }),
  fc.record(
    {
      kind: fc.constant('shell' as const),
      command: fc.constantFrom('cat', 'cp'),
      env: fc.dictionary(name, fc.constantFrom('', '1'), { maxKeys: 2 }),
      recording: fc.constantFrom('r', 's'),
    },
    { requiredKeys: ['kind', 'command', 'env'] },
  ),
);

const input: fc.Arbitrary<InputIdentity> = fc.oneof(
  absent,
  content,
  fc
    .uniqueArray(fc.tuple(name, fc.oneof(absent, content)), { selector: ([one]) => one, maxLength: 2 })
    .map((list) => ({ gathered: list.map(([recording, held]) => ({ recording, ...held })) })),
);

const output: fc.Arbitrary<OutputPort> = fc.oneof(
  fc.record({ kind: fc.constant('figure' as const) }),
  fc.record({ kind: fc.constant('file' as const), extension: fc.constantFrom('.a', '.b') }),
);

export const anyPreimage: fc.Arbitrary<Preimage> = fc.record({
  format: fc.constantFrom(1, 2),
  task,
  params: fc.dictionary(name, fc.constantFrom(null, 0, '0', false, [], {}), {
    maxKeys: 2,
  }) as fc.Arbitrary<unknown> as fc.Arbitrary<JsonObject>,
  inputs: fc.dictionary(name, input, { maxKeys: 2 }),
  outputs: fc.dictionary(name, output, { maxKeys: 1 }),
});

/** Two preimages that differ in at most one member, and often are equal. */
export const anyPair: fc.Arbitrary<readonly [Preimage, Preimage]> = fc
  .tuple(anyPreimage, anyPreimage, fc.constantFrom<keyof Preimage>('format', 'task', 'params', 'inputs', 'outputs'))
  .map(([one, other, member]) => [one, { ...one, [member]: other[member] }] as const);
