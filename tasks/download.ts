/** Downloads the listed archive, resumes a partial download, and checks size and MD5. */
import { linkSync } from 'node:fs';
import { defineTask, file, table } from 'groundproof/task';
import { downloadParams } from '../schemas/tasks/download.ts';
import { listedTable } from '../schemas/tasks/listing.ts';
import { freeBytes } from './lib/download/check-space.ts';
import { openClient } from './lib/download/client.ts';
import { downloadFile } from './lib/download/download-file.ts';
import { pause } from './lib/download/retry.ts';

export default defineTask({
  inputs: { listed: table(listedTable) },
  params: downloadParams,
  outputs: { archive: file('.tar.gz') },
  network: true,
  async run({ inputs, outputs, network, log, progress, signal }) {
    const { file, url, bytes, md5 } = await inputs.listed.row();
    const listed = { name: file, url, bytes: Number(bytes), md5 };
    const client = openClient(network.proxies);
    try {
      const { kept, others } = network;
      const context = { client, pause, freeBytes, others, log: log.notice, progress, signal };
      const whole = await downloadFile(listed, kept, context);
      // A hard link takes no space, and other versions of this task still find the download.
      linkSync(whole, outputs.archive.path);
    } finally {
      await client.close();
    }
  },
});
