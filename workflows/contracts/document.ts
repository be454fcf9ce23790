/** How something is to be taken; said in words as well, never by colour alone. */
export type Tone = 'good' | 'warning' | 'bad' | 'plain';

/** An objective beside what was measured, in words for a person. */
export interface ObjectiveFigure {
  /** Such as `RTO`. */
  readonly name: string;
  readonly objective: string;
  /** `unknown` where it is not known. */
  readonly measured: string;
  readonly verdict: 'met' | 'MISSED' | 'unknown';
  /** From which moment to which, in words. */
  readonly basis: string;
  /** Measured over objective; null where it is not known, or the objective is zero. */
  readonly share: number | null;
}

/** One span of a bar, RFC 3339 UTC. */
export interface TimelineSpan {
  readonly from: string;
  readonly to: string;
  /** Waiting for a person is drawn apart from work. */
  readonly kind: 'work' | 'wait';
}

/** One step of a timeline. */
export interface TimelineRow {
  readonly label: string;
  /** How long it took, and how it ended where that is not `done`. */
  readonly note: string;
  readonly spans: readonly TimelineSpan[];
  /** The step that cannot be taken back, such as the restore. */
  readonly marked: boolean;
}

/** A moment that a timeline shows as a line across. */
export interface TimelineMark {
  readonly label: string;
  /** RFC 3339, UTC; may lie outside of the picture, which then says so. */
  readonly at: string;
  readonly kind: 'objective' | 'event';
}

/** When each step ran. Times RFC 3339, UTC. */
export interface Timeline {
  readonly title: string;
  /** The picture in one sentence, for who cannot see it. */
  readonly description: string;
  readonly from: string;
  readonly to: string;
  readonly rows: readonly TimelineRow[];
  readonly marks: readonly TimelineMark[];
}

/** One measurement at one moment. */
export interface ChartPoint {
  /** RFC 3339, UTC. */
  readonly at: string;
  /** In the chart's unit; null where it was looked for and not known. */
  readonly value: number | null;
}

/** A figure over months. */
export interface Chart {
  readonly title: string;
  /** The picture in one sentence, for who cannot see it. */
  readonly description: string;
  readonly unit: 'ms' | 'bytes';
  /** RFC 3339, UTC: what the picture spans, also where nothing was measured. */
  readonly from: string;
  readonly to: string;
  readonly series: readonly {
    readonly name: string;
    /** Oldest first. */
    readonly points: readonly ChartPoint[];
  }[];
  /** Drawn as a line across; null where there is none. */
  readonly objective: { readonly label: string; readonly value: number } | null;
  /** Points that are farther apart are not joined, ms: nothing was measured between them. */
  readonly gapAfterMs: number;
}

/** A part of a section. Text is plain: who renders it escapes it. */
export type Block =
  | { readonly kind: 'text'; readonly text: string; readonly tone?: Tone }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
      /** Columns of numbers, from 0. */
      readonly numeric?: readonly number[];
    }
  | { readonly kind: 'objectives'; readonly figures: readonly ObjectiveFigure[] }
  | { readonly kind: 'timeline'; readonly timeline: Timeline }
  | { readonly kind: 'chart'; readonly chart: Chart };

/** A titled part of a document. */
export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** What is to be read by a person: rendered as Markdown and as a page from the same data. Holds no secret. */
export interface Document {
  readonly title: string;
  /** How it ended, in a word or two; null where nothing ended. */
  readonly verdict: { readonly text: string; readonly tone: Tone } | null;
  readonly headline: string;
  readonly sections: readonly Section[];
}
