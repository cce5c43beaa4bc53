import type { Job, JobState } from '@mobilytics/api';
import { Tag } from '@mobilytics/ui';
import type { TagKind } from '@mobilytics/ui';

export const kJobStates: Record<JobState, { kind: TagKind; word: string }> = {
    available: { kind: 'waiting', word: 'Waiting' },
    scheduled: { kind: 'waiting', word: 'For later' },
    retryable: { kind: 'warn', word: 'To be retried' },
    running: { kind: 'info', word: 'Running' },
    completed: { kind: 'good', word: 'Done' },
    cancelled: { kind: 'idle', word: 'Cancelled' },
    discarded: { kind: 'bad', word: 'Dead letter' },
};

export const kJobStateChoices = Object.entries(kJobStates).map(([value, { word }]) => ({
    value,
    label: word,
}));

export function JobTag({ job }: { job: Job }) {
    const { kind, word } = kJobStates[job.state];
    if (job.state === 'running' && job.cancel_asked) return <Tag kind="warn">Told to end</Tag>;
    return (
        <Tag kind={kind}>
            {word}
            {job.state === 'running' &&
                job.progress_percent !== undefined &&
                ` (${job.progress_percent} %)`}
        </Tag>
    );
}

/** What can be done again: it has ended without its effect, or waits for its next try. */
export const mayRetry = (job: Job) => ['discarded', 'cancelled', 'retryable'].includes(job.state);
export const mayCancel = (job: Job) =>
    ['available', 'scheduled', 'retryable', 'running'].includes(job.state);
