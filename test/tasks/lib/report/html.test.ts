import { expect, test } from 'vitest';
import { html, jsonData, trusted } from '../../../../tasks/lib/report/html.ts';

test('html escapes every value in a template that is not HTML', () => {
  const name = `<b> & "quoted" 'too'`;
  expect(html`<i title="${name}">${3}${null}</i>`.html).toBe(
    '<i title="&lt;b&gt; &amp; &quot;quoted&quot; &#39;too&#39;">3</i>',
  );
  expect(html`${[html`<b>${'<'}</b>`, trusted('<hr>'), ['x']]}`.html).toBe('<b>&lt;</b><hr>x');
});

test('jsonData cannot end the script element that contains it', () => {
  const value = { text: '</script><!--' };
  expect(jsonData(value).html).not.toContain('<');
  expect(JSON.parse(jsonData(value).html)).toEqual(value);
});
