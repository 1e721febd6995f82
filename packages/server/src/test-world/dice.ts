import { randomNumbers } from '@granary/testing'

/** Chooses at random, the same for the same seed. */
export class Dice {
  readonly #random: () => number

  constructor(seed: number) {
    this.#random = randomNumbers(seed)
  }

  below(count: number): number {
    return Math.floor(this.#random() * count)
  }

  one<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item
  }

  chance(share: number): boolean {
    return this.#random() < share
  }
}
