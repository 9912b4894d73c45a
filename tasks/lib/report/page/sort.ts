/** Turns column heads into buttons that sort: first ascending, then descending, then in the original order. */
export function makeSortable(table: HTMLTableElement): void {
  const body = table.tBodies[0];
  if (!body) return;
  const original = [...body.rows];
  const heads = [...table.querySelectorAll<HTMLTableCellElement>('thead th')];
  heads.forEach((head, column) => {
    if (head.classList.contains('plain')) return;
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const order = next(head.getAttribute('aria-sort'));
      for (const other of heads) other.removeAttribute('aria-sort');
      if (order) head.setAttribute('aria-sort', order);
      body.append(...(order ? sorted(original, column, order) : original));
    });
  });
}

type Order = 'ascending' | 'descending';

function next(order: string | null): Order | null {
  if (order === null) return 'ascending';
  return order === 'ascending' ? 'descending' : null;
}

/** Sorts numbers by size and texts by letters; rows without a value come last in both orders. */
export function sorted<R extends { readonly cells: ArrayLike<Cell> }>(
  rows: readonly R[],
  column: number,
  order: Order,
): R[] {
  const sign = order === 'ascending' ? 1 : -1;
  const textOf = (row: R): string => {
    const cell = row.cells[column];
    return cell?.dataset.value ?? cell?.textContent ?? '';
  };
  return rows.toSorted((a, b) => {
    const [left, right] = [textOf(a), textOf(b)];
    if (left === '' || right === '') return Number(left === '') - Number(right === '');
    const difference = Number(left) - Number(right);
    if (!Number.isNaN(difference)) return sign * difference;
    if (left === right) return 0;
    return left < right ? -sign : sign;
  });
}

interface Cell {
  readonly dataset: { readonly [name: string]: string | undefined };
  readonly textContent: string | null;
}
