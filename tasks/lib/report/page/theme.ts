/** Makes the button that switches between light and dark; at first the page follows the system. */
export function offerDark(): void {
  const button = document.querySelector<HTMLButtonElement>('button.theme');
  if (!button) return;
  const show = (dark: boolean) => {
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
    button.setAttribute('aria-pressed', String(dark));
  };
  show(matchMedia('(prefers-color-scheme: dark)').matches);
  button.hidden = false;
  button.addEventListener('click', () => show(document.documentElement.dataset.theme !== 'dark'));
}
