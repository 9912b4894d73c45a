import { expect, test } from 'vitest';
import { hasEnded, openingName, ownerOf } from '../../src/store/opening.ts';
import { thisHost, thisProcess } from '../../src/store/process.ts';
import { beforeRestart, container, nameOn, node3, openedOn } from './other-machine.ts';
import { temporaryStore } from './temporary.ts';

test('ownerOf reads process and machine from the name of an opening', () => {
  expect(ownerOf(openingName(3))).toEqual({ ...thisProcess(), host: null });
  expect(ownerOf(nameOn(node3))).toEqual({ pid: process.pid, started: '1', host: node3 });
  expect(ownerOf(nameOn({ ...thisHost(), space: '1' })).host).toEqual({ ...thisHost(), space: '1' });
});

test('the name of an opening without a machine means this machine', () => {
  expect(ownerOf('12-345-0')).toEqual({ pid: 12, started: '345', host: null });
});

const MINUTE = 60;
const HOUR = 60 * MINUTE;

test.each([
  ['another machine', () => node3, 23 * HOUR, 25 * HOUR],
  ['this machine before its last restart', beforeRestart, 9 * MINUTE, 11 * MINUTE],
  ['another container on this machine', container, 9 * MINUTE, 11 * MINUTE],
])('an opening of %s has ended when its lease is old enough', (_, host, still, over) => {
  const { root, opening } = temporaryStore();
  const isOverAfter = (seconds: number) => {
    openedOn(host(), root, seconds);
    return hasEnded(`${root}/tmp`, nameOn(host()), opening.name);
  };
  expect([isOverAfter(-HOUR), isOverAfter(0), isOverAfter(still), isOverAfter(over)]).toEqual([
    false,
    false,
    false,
    true,
  ]);
});
