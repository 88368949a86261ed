import { NOW_S } from './pool.js';

/** A clock that moves only when told to. */
export class Clock {
  nowMs = NOW_S * 1_000;

  readonly now = (): number => this.nowMs;

  advance(ms: number): void {
    this.nowMs += ms;
  }
}
