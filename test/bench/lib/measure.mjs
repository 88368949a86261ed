/**
 * One way to do the job.
 *
 * @typedef {object} Contestant
 * @property {string} name
 * @property {(item: any) => unknown} run - once per item; what it returns is awaited.
 * @property {number} [atOnce] - how many are under way at once. Default 1.
 * @property {number} [share] - part of the items that it gets, for one that is slow. Default 1.
 * @property {() => unknown} [before] - before each round, not measured.
 * @property {boolean} [sync] - nothing to await.
 * @property {boolean} [refuses] - it must throw for every item, or reject.
 */

/**
 * Runs all contestants in turn, round after round, so that what slows the machine down slows all of them.
 *
 * @param {Contestant[]} contestants - the first one is what the others are compared with.
 * @param {(round: number) => any[]} itemsOf - what the contestants get in a round; one is for warming up.
 * @param {number} rounds
 * @returns {Promise<{ name: string, ratio: number, perSecond: number }[]>} the ratio is to
 *   the first contestant in the same round, the median of the rounds.
 */
export async function compare(contestants, itemsOf, rounds) {
  /** @type {number[][]} */
  const perSecond = contestants.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    const items = itemsOf(round);
    for (const [index, contestant] of contestants.entries()) {
      await contestant.before?.();
      const own = items.slice(0, Math.ceil(items.length * (contestant.share ?? 1)));
      globalThis.gc?.();
      const startNs = process.hrtime.bigint();
      await runAll(contestant, own);
      const elapsedNs = Number(process.hrtime.bigint() - startNs);
      if (round > 0) perSecond[index]?.push((own.length / elapsedNs) * 1e9);
    }
  }
  return contestants.map(({ name }, index) => {
    const own = perSecond[index] ?? [];
    const ratios = own.map((speed, round) => speed / (perSecond[0]?.[round] ?? 1));
    return { name, ratio: median(ratios), perSecond: median(own) };
  });
}

/** @param {Contestant} contestant @param {any[]} items */
async function runAll({ run, atOnce = 1, sync = false, refuses = false }, items) {
  if (sync) {
    for (const item of items) run(item);
  } else if (atOnce === 1) {
    if (refuses) for (const item of items) await refuse(run, item);
    else for (const item of items) await run(item);
  } else if (refuses) {
    for (let start = 0; start < items.length; start += atOnce) {
      await Promise.all(items.slice(start, start + atOnce).map((item) => refuse(run, item)));
    }
  } else {
    for (let start = 0; start < items.length; start += atOnce) {
      await Promise.all(items.slice(start, start + atOnce).map((item) => run(item)));
    }
  }
}

/** @param {(item: any) => unknown} run @param {any} item */
async function refuse(run, item) {
  let accepted = false;
  try {
    await run(item);
    accepted = true;
  } catch {}
  if (accepted) throw new Error('accepted what is to be refused');
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** A table in Markdown. @param {string[]} head @param {string[][]} rows */
export function printTable(head, rows) {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  /** @param {string[]} cells */
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  console.log([line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n'));
}

/** Two digits that matter. @param {number} ratio */
export const formatRatio = (ratio) =>
  ratio >= 10 ? ratio.toFixed(0) : ratio >= 2 ? ratio.toFixed(1) : ratio.toFixed(2);
