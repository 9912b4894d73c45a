/** Filters rows by verdict and by their text. */
export function makeFilterable(table: HTMLTableElement): void {
  const form = document.querySelector<HTMLFormElement>('form.filters');
  const rows = [...(table.tBodies[0]?.rows ?? [])];
  if (!form) return;
  const output = form.querySelector('output');
  const filter = () => {
    const data = new FormData(form);
    const verdicts = new Set(data.getAll('verdict'));
    const query = String(data.get('find') ?? '')
      .trim()
      .toLowerCase();
    let count = 0;
    for (const row of rows) {
      const fits = verdicts.has(row.dataset.verdict ?? '') && row.textContent.toLowerCase().includes(query);
      row.hidden = !fits;
      if (fits) count++;
    }
    if (output) output.value = count === rows.length ? `${count} recordings` : `${count} of ${rows.length} recordings`;
  };
  form.addEventListener('input', filter);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.hidden = false;
  filter();
}
