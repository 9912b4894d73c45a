/** Drag and swipe move; pinch, double click and Ctrl with the wheel zoom; the wheel alone scrolls the page. */
export function followGestures(
  target: HTMLElement,
  { zoom, move }: { zoom(factor: number, x: number): void; move(pixels: number): void },
): void {
  const held = new Map<number, number>();
  const places = () => [...held.values()];
  const left = () => target.getBoundingClientRect().left;

  target.addEventListener('pointerdown', ({ pointerId, clientX, button }) => {
    if (button !== 0) return;
    target.setPointerCapture(pointerId);
    held.set(pointerId, clientX);
  });
  target.addEventListener('pointermove', ({ pointerId, clientX }) => {
    const before = held.get(pointerId);
    if (before === undefined) return;
    const [a = 0, b] = places();
    held.set(pointerId, clientX);
    if (b === undefined) return move(clientX - before);
    const [c = 0, d = 0] = places();
    const [oldDistance, newDistance] = [Math.abs(a - b), Math.abs(c - d)];
    if (oldDistance > 10 && newDistance > 10) zoom(oldDistance / newDistance, (c + d) / 2 - left());
  });
  for (const end of ['pointerup', 'pointercancel'] as const) {
    target.addEventListener(end, ({ pointerId }) => void held.delete(pointerId));
  }
  target.addEventListener('dblclick', ({ clientX }) => zoom(0.25, clientX - left()));
  target.addEventListener(
    'wheel',
    (event) => {
      const { ctrlKey, metaKey, shiftKey, deltaX, deltaY, clientX } = event;
      if (ctrlKey || metaKey) zoom(deltaY > 0 ? 1.15 : 1 / 1.15, clientX - left());
      else if (shiftKey || Math.abs(deltaX) > Math.abs(deltaY)) move(-(deltaX || deltaY));
      else return;
      event.preventDefault();
    },
    { passive: false },
  );
}
