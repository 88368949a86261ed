export interface Bid {
  readonly bidder: string;
  readonly amount: number;
}
