import { type Browser, chromium } from 'playwright-core';

const quiet = ['gpu', 'quic', 'background-networking', 'component-update', 'sync'];

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROME ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--no-first-run', ...quiet.map((what) => `--disable-${what}`)],
  });
