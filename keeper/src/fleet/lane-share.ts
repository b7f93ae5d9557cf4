/** What a replica knows when it decides about one lane. */
export interface LaneShare {
  /** Lanes that it has. */
  readonly held: number;
  /** Lanes that it could have. */
  readonly lanes: number;
  /** Living replicas that could have this one, itself among them. */
  readonly candidates: number;
}

/** Lanes that one of the replicas has to take, so that all are taken and none has two more than another. */
function fairShare({ lanes, candidates }: LaneShare): number {
  return Math.ceil(lanes / Math.max(1, candidates));
}

/** Whether a replica tries to take a lane that may be free. */
export function wantsLane(share: LaneShare): boolean {
  return share.held < fairShare(share);
}

/** Whether it gives one of its lanes to those that have less. */
export function givesLane(share: LaneShare): boolean {
  return share.held > fairShare(share);
}
