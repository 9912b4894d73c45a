import { expect, test } from 'vitest';
import { placementsOf } from '../../src/pipeline/placements.ts';
import { parseCommand } from '../../src/pipeline/shell-command.ts';

const [word, quoted, here, raw, number] = ['word', 'quoted', 'here-document', 'raw-here-document', 'number'] as const;

test.each<[command: string, placements: readonly string[]]>([
  ['x {inputs.a} {inputs.b}', [word, word]],
  ['x "{inputs.a}" {inputs.b}', [quoted, word]],
  ["x '{inputs.a}' {inputs.b}", [quoted, word]],
  ["x $'it\\'s {inputs.a}' {inputs.b}", [quoted, word]],
  ['x \\"{inputs.a}\\"', [word]],
  ['x "a \\" {inputs.a}"', [quoted]],
  ["x 'a' {inputs.a} 'b {inputs.b} c'", [word, quoted]],
  ["# don't\nx {inputs.a}", [word]],
  ['# {inputs.b}\nx {inputs.a}', [word, word]],
  ["x#'{inputs.a}'", [quoted]],
  ['x "$(cat {inputs.a})" "{inputs.b}"', [word, quoted]],
  ['x $(echo "(" {inputs.a}) "{inputs.b}"', [word, quoted]],
  ['case x in a) y {inputs.a};; esac', [word]],
  ['x `cat {inputs.a}` {inputs.b}', [word, word]],
  ['x "`cat {inputs.a}`"', [quoted]],
  ['x >(y {inputs.a}) <(z "{inputs.b}")', [word, quoted]],
  // Here-documents.
  ["cat <<EOF > x\nit's {params.a}\nEOF\ny {inputs.a}", [here, word]],
  ["cat <<'EOF' > x\nit's {params.a}\nEOF\ny '{inputs.b}'", [raw, quoted]],
  ['cat <<E"O"F\n{params.a}\nEOF\n{inputs.a}', [raw, word]],
  ['cat <<\\EOF\n{params.a}\nEOF\n{inputs.a}', [raw, word]],
  ['cat <<-EOF\n\t{params.a}\n\tEOF\n{inputs.a}', [here, word]],
  ['cat <<EOF\n{params.a}\n EOF\nEOF \nEOF\n{inputs.a}', [here, word]],
  ['cat <<A - <<"B" {inputs.a}\n{params.a}\nA\n{params.b}\nB\n{inputs.b}', [word, here, raw, word]],
  ['cat <<EO.F-2\n{params.a}\nEO.F-2\n{inputs.a}', [here, word]],
  ['cat << EOF\n$(cat {inputs.a}) `cat {inputs.b}` "{params.a}" \\$(x {params.b})\nEOF', [word, word, here, here]],
  ['cat <<EOF\na \\\nEOF\n{params.a}\nEOF\n{inputs.a}', [here, word]],
  [`cat <<EOF\n\${x:-{params.a}} \${x:{params.n}}\nEOF`, [here, number]],
  ['cat <<EOF\n{params.a}', [here]],
  ['cat <<{params.a}\nx\n', [quoted]],
  ["cat <<< {params.a} 'x' {inputs.a}", [word, word]],
  // Arithmetic.
  ['x $(( {params.a} + 1 )) {inputs.a}', [number, word]],
  ['x "$(( ({params.a}) + 1 ))" {inputs.a}', [number, word]],
  ['x $[ {params.a} ] {inputs.a}', [number, word]],
  ['(( {params.a} > 1 )) && x {inputs.a}', [number, word]],
  ['let n={params.a}+1; x {inputs.a}', [number, word]],
  ['[[ {params.a} -gt 1 && x == {params.b} ]]; x {inputs.a}', [number, word, word]],
  ['[[ 1 -gt {params.a} ]]; x {inputs.a}', [number, word]],
  ['[ {params.a} -gt 1 ]', [word]],
  ['[[ x =~ {params.a} ]]', [word]],
  ['a[{params.a}]=1; x {inputs.a}', [number, word]],
  [`x \${y:{params.a}} \${y:-{inputs.a}} \${y[{params.b}]} \${y%{params.c}}`, [number, word, number, word]],
  [`x "\${y:-{inputs.a}}" "\${y:{params.b}}"`, [quoted, number]],
])('the placeholders of the command %j are read as %j', (command, placements) => {
  expect(placementsOf(command, parseCommand(command).placeholders)).toEqual(placements);
});
