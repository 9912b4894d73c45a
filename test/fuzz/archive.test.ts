import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { DataError } from 'groundproof/task';
import { expect, test } from 'vitest';
import { readArchive } from '../../tasks/lib/recording/archive/archive.ts';
import { pax, rawTar } from '../hostile/raw-tar.ts';
import { gzipped } from '../hostile/recording.ts';
import { temporaryFolder } from '../tasks/temporary-folder.ts';
import { damage, examples } from './mutate.ts';

const mea = Buffer.from(Array.from({ length: 1500 }, (_, i) => (i * i) >>> 3));
const whole = rawTar([
  { name: 'rec/', type: '5' },
  { name: 'rec/patch_1.txt', content: 'padding = 3\n' },
  pax({ path: 'rec/patch_1.raw', mtime: '1' }),
  { name: 'short', content: mea },
  { name: 'rec/patch_1.juxta.raw', content: mea.subarray(0, 700) },
  { name: 'rec/patch_1.triggers.npy', content: 'triggers' },
]);

const archive = join(temporaryFolder(), 'fuzzed.tar.gz');

/** Returns the content or the message of a DataError. Any other error is a bug, and so is a timeout. */
async function read(bytes: Uint8Array): Promise<{ mea: Buffer; juxta: Buffer } | string> {
  writeFileSync(archive, bytes);
  const parts = { mea: [] as Buffer[], juxta: [] as Buffer[] };
  const sinks = {
    mea: (chunk: Uint8Array) => void parts.mea.push(Buffer.from(chunk)),
    juxta: (chunk: Uint8Array) => void parts.juxta.push(Buffer.from(chunk)),
  };
  try {
    const { meaBytes, juxtaBytes } = await readArchive(archive, sinks, { signal: AbortSignal.timeout(10_000) });
    const content = { mea: Buffer.concat(parts.mea), juxta: Buffer.concat(parts.juxta) };
    expect([meaBytes, juxtaBytes]).toEqual([content.mea.length, content.juxta.length]);
    return content;
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    expect(error.message).toContain('fuzzed.tar.gz');
    expect(error.message.length).toBeLessThan(1500);
    return error.message;
  }
}

test('a damaged archive is refused with a message that names it, or gives the original content', async () => {
  const good = gzipped(whole);
  await fc.assert(
    fc.asyncProperty(damage, async (harm) => {
      const outcome = await read(harm(good));
      if (typeof outcome === 'string') return;
      expect(outcome.mea.equals(mea)).toBe(true);
      expect(outcome.juxta.equals(mea.subarray(0, 700))).toBe(true);
    }),
    examples(80),
  );
});

test('a damaged tar archive in sound compression is read or refused, and never hangs', async () => {
  await fc.assert(
    fc.asyncProperty(damage, async (harm) => {
      await read(gzipped(harm(whole)));
    }),
    examples(80),
  );
});

/** The checksums of the headers are right, so that the reader goes on to their fields. */
test('a tar archive with headers of any type, name and size is read or refused', async () => {
  const member = fc.record(
    {
      name: fc.oneof(
        fc.constantFrom('a.raw', 'a.juxta.raw', 'a.txt', 'a.triggers.npy', './b/a.raw', '/a.raw', '../a.raw', ''),
        fc.string({ unit: 'binary', maxLength: 30 }),
      ),
      type: fc.constantFrom('0', '0', '0', '1', '2', '5', '6', '7', 'x', 'g', 'L', 'K', 'S', '\0', 'V'),
      content: fc.oneof(
        fc.uint8Array({ maxLength: 700 }),
        fc.constantFrom('13 path=a.raw', '11 size=99\n', '10 size=-1\n', '30 GNU.sparse.name=a.raw\n', '9 =', '-5 a=b'),
      ),
      declared: fc.option(
        fc.oneof(fc.nat(2000), fc.constantFrom(2 ** 33, 2 ** 45, Number.MAX_SAFE_INTEGER, 4 << 20, (4 << 20) + 1)),
        { nil: undefined },
      ),
    },
    { requiredKeys: ['name', 'type', 'content'] },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(member, { maxLength: 8 }), async (members) => {
      await read(
        gzipped(
          rawTar(members.map(({ declared, ...rest }) => ({ ...rest, ...(declared !== undefined && { declared }) }))),
        ),
      );
    }),
    examples(80),
  );
});
