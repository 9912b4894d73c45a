/** Lists the address, size and MD5 of an archive of a Zenodo record, from the manifest or else from Zenodo's API. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { defineTask, file, table } from 'groundproof/task';
import { listedTable, listingParams } from '../schemas/tasks/listing.ts';
import { openClient } from './lib/download/client.ts';
import { completeRow, manifestLine } from './lib/download/complete-row.ts';
import { fileUrl, readManifest, rowOf } from './lib/download/manifest.ts';
import { fetchRecordFiles } from './lib/download/record-files.ts';
import { pause } from './lib/download/retry.ts';

export default defineTask({
  inputs: { manifest: file() },
  params: listingParams,
  outputs: { listed: table(listedTable) },
  network: true,
  async run({ inputs, params, outputs, network, log, signal }) {
    const name = basename(inputs.manifest);
    const manifest = readManifest(readFileSync(inputs.manifest, 'utf8'), name);
    const row = rowOf(manifest, params.file, name);
    let { bytes, md5 } = row;
    if (bytes === null || md5 === null) {
      const client = openClient(network.proxies);
      try {
        const files = await fetchRecordFiles(manifest, { client, pause, log: log.notice, signal });
        ({ bytes, md5 } = completeRow(params.file, row, files, name));
        log.warn(
          `${name} lacks the size or the MD5, so they came from Zenodo; to add them, run npm run manifest, or write under 'files' the line ` +
            manifestLine(params.file, { bytes, md5 }),
        );
      } finally {
        await client.close();
      }
    }
    await outputs.listed.write({
      file: [params.file],
      url: [fileUrl(manifest, params.file)],
      bytes: [bytes],
      md5: [md5],
    });
  },
});
