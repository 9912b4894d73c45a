/** Says where an archive of a Zenodo record is, its size and its MD5: by the manifest, or else by Zenodo's API. */
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
          `Zenodo was asked what ${name} does not say; to have it there, npm run manifest, or under 'files' the line ` +
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
