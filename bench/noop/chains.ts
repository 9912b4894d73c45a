/** Lays out the same work for every tool: chains of five copies, each chain from a file of its own. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const LENGTH = 5;
const links = Array.from({ length: LENGTH }, (_, i) => i);

/** Makes the folder in which a tool finds `actions` copies to do. */
export type Layout = (folder: string, chains: readonly string[]) => void;

/** The names of the chains. @param actions a multiple of five */
export const chainsFor = (actions: number): readonly string[] =>
  Array.from({ length: actions / LENGTH }, (_, i) => `r${i}`);

const sources = (folder: string, chains: readonly string[], place: (chain: string) => string) => {
  for (const chain of chains) {
    mkdirSync(join(folder, place(chain), '..'), { recursive: true });
    writeFileSync(join(folder, place(chain)), `${chain}\n`);
  }
};

/** The file from which a chain begins, for all tools but turbo. */
export const sourceOf = (chain: string): string => `data/${chain}.txt`;

const copyTask = `import { readFileSync } from 'node:fs';
import { defineTask, file } from 'groundproof/task';

export default defineTask({
  inputs: { from: file() },
  params: { type: 'object', properties: { link: { type: 'integer' } }, required: ['link'], additionalProperties: false } as const,
  outputs: { out: file('.txt') },
  async run({ inputs, outputs }) {
    outputs.out.write(readFileSync(inputs.from));
  },
});
`;

/** The link is a parameter, because otherwise a whole chain would share a single result. */
export const groundproofLayout =
  (project: string): Layout =>
  (folder, chains) => {
    sources(folder, chains, sourceOf);
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(project, join(folder, 'node_modules/groundproof'));
    writeFileSync(join(folder, 'copy.ts'), copyTask);
    const steps = links.map((link) => {
      const from = link === 0 ? '{ file: "data/{recording}.txt" }' : `link${link - 1}.out`;
      return `  link${link}: { uses: ./copy.ts, each: recording, inputs: { from: ${from} }, params: { link: ${link} } }\n`;
    });
    const names = chains.join(', ');
    writeFileSync(join(folder, 'pipeline.yaml'), `each: { recording: [${names}] }\nsteps:\n${steps.join('')}`);
  };

const before = (chain: string, link: number): string => (link === 0 ? sourceOf(chain) : `out/${chain}.${link - 1}`);

export const makeLayout: Layout = (folder, chains) => {
  sources(folder, chains, sourceOf);
  const rules = chains.flatMap((chain) =>
    links.map((link) => `out/${chain}.${link}: ${before(chain, link)}\n\tcp $< $@\n`),
  );
  const all = chains.map((chain) => `out/${chain}.${LENGTH - 1}`).join(' ');
  writeFileSync(join(folder, 'Makefile'), `all: ${all}\n${rules.join('')}`);
};

export const ninjaLayout: Layout = (folder, chains) => {
  sources(folder, chains, sourceOf);
  const builds = chains.flatMap((chain) =>
    links.map((link) => `build out/${chain}.${link}: copy ${before(chain, link)}\n`),
  );
  writeFileSync(join(folder, 'build.ninja'), `rule copy\n  command = cp $in $out\n${builds.join('')}`);
};

/** Makes a package for each chain. */
export const turboLayout: Layout = (folder, chains) => {
  sources(folder, chains, (chain) => `packages/${chain}/source.txt`);
  const root = { name: 'chains', private: true, packageManager: 'npm@10.8.2', workspaces: ['packages/*'] };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(root));
  const name = (link: number) => (link === 0 ? 'source.txt' : `out${link - 1}.txt`);
  const scripts = Object.fromEntries(links.map((link) => [`link${link}`, `cp ${name(link)} ${name(link + 1)}`]));
  for (const chain of chains) {
    const manifest = { name: chain, version: '1.0.0', scripts };
    writeFileSync(join(folder, 'packages', chain, 'package.json'), JSON.stringify(manifest));
  }
  const tasks = links.map((link) => [
    `link${link}`,
    { dependsOn: link === 0 ? [] : [`link${link - 1}`], inputs: ['source.txt'], outputs: [name(link + 1)] },
  ]);
  writeFileSync(join(folder, 'turbo.json'), JSON.stringify({ tasks: Object.fromEntries(tasks) }));
};

export const wireitLayout: Layout = (folder, chains) => {
  sources(folder, chains, sourceOf);
  const nameOf = (chain: string, link: number) => `${chain}.${link}`;
  const every = chains.flatMap((chain) => links.map((link) => ({ chain, link, name: nameOf(chain, link) })));
  const wireit = every.map(({ chain, link, name }) => [
    name,
    {
      command: `cp ${before(chain, link)} out/${name}`,
      files: link === 0 ? [sourceOf(chain)] : [],
      output: [`out/${name}`],
      dependencies: link === 0 ? [] : [nameOf(chain, link - 1)],
    },
  ]);
  const all = { dependencies: chains.map((chain) => nameOf(chain, LENGTH - 1)) };
  const scripts = Object.fromEntries(['all', ...every.map(({ name }) => name)].map((name) => [name, 'wireit']));
  const text = JSON.stringify({ name: 'chains', scripts, wireit: { ...Object.fromEntries(wireit), all } });
  writeFileSync(join(folder, 'package.json'), text);
};

export const snakemakeLayout: Layout = (folder, chains) => {
  sources(folder, chains, sourceOf);
  const rules = links.map((link) => {
    const input = link === 0 ? 'data/{chain}.txt' : `out/{chain}.${link - 1}`;
    return `rule link${link}:\n    input: "${input}"\n    output: "out/{chain}.${link}"\n    shell: "cp {input} {output}"\n`;
  });
  const targets = `rule all:\n    input: expand("out/{chain}.${LENGTH - 1}", chain=${JSON.stringify(chains)})\n`;
  writeFileSync(join(folder, 'Snakefile'), `${targets}${rules.join('')}`);
};
