/** Downloads an archive as it is listed: resumed where it broke off, and checked by size and MD5. */
import { linkSync } from 'node:fs';
import { defineTask, file, table } from 'groundproof/task';
import { downloadParams } from '../schemas/tasks/download.ts';
import { listedTable } from '../schemas/tasks/listing.ts';
import { openClient } from './lib/download/client.ts';
import { downloadFile } from './lib/download/download-file.ts';
import { freeBytes } from './lib/download/free-bytes.ts';
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
      const means = { client, pause, freeBytes, others, log: log.notice, progress, signal };
      const whole = await downloadFile(listed, kept, means);
      // One content under two names: it takes no room twice, and other code finds it.
      linkSync(whole, outputs.archive.path);
    } finally {
      await client.close();
    }
  },
});
