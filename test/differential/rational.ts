/** An exact fraction; the denominator is positive. */
export class Rational {
  readonly n: bigint;
  readonly d: bigint;

  constructor(n: bigint, d = 1n) {
    [this.n, this.d] = d < 0n ? [-n, -d] : [n, d];
  }

  plus({ n, d }: Rational): Rational {
    return new Rational(this.n * d + n * this.d, this.d * d);
  }

  minus(other: Rational): Rational {
    return this.plus(new Rational(-other.n, other.d));
  }

  times({ n, d }: Rational): Rational {
    return new Rational(this.n * n, this.d * d);
  }

  over({ n, d }: Rational): Rational {
    return new Rational(this.n * d, this.d * n);
  }

  atMost({ n, d }: Rational): boolean {
    return this.n * d <= n * this.d;
  }

  /** Zero where this is negative. */
  floored(): Rational {
    return this.n < 0n ? new Rational(0n) : this;
  }

  toString(): string {
    return `${(this.n * 10n ** 18n) / this.d}e-18`;
  }
}

export const rational = (n: bigint | number, d: bigint | number = 1n) => new Rational(BigInt(n), BigInt(d));
