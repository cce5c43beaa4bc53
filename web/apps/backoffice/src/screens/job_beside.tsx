// One job: what it is, how far it came, everything that went wrong.

import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '@mobilytics/api';
import { Beside, Facts, Lines, Trouble, When } from '@mobilytics/ui';
import { useMay, useZone } from '../data/session';
import { CompanyName } from './company_name';
import { JobTag, mayCancel, mayRetry } from './job_words';

const kRefreshMs = 3000;

export function JobBeside({ id, close }: { id: string; close: () => void }) {
    const zone = useZone();
    const queries = useQueryClient();
    const allowed = useMay('retry_job');
    const params = { job_id: id };
    const found = useQuery({
        queryKey: ['job', id],
        queryFn: ({ signal }) => client.call('find_job', { params, signal }),
        refetchInterval: kRefreshMs,
    });
    const acting = useMutation({
        mutationFn: (deed: 'retry_job' | 'cancel_job') => client.call(deed, { params }),
        onSuccess: (job, deed) => {
            queries.setQueryData(['job', id], job);
            void queries.invalidateQueries({ queryKey: ['jobs'] });
            void queries.invalidateQueries({ queryKey: ['job_kinds'] });
            notifications.show({
                message: deed === 'retry_job' ? 'It is tried again now.' : 'It is cancelled.',
            });
        },
    });
    const job = found.data;
    if (found.error && !job) {
        return (
            <Beside title="Job" close={close}>
                <Trouble error={found.error} what="The job" retry={() => void found.refetch()} />
            </Beside>
        );
    }
    if (!job) {
        return (
            <Beside title="Job" close={close}>
                <Lines count={7} />
            </Beside>
        );
    }
    return (
        <Beside title={job.kind} close={close} size={560}>
            <Facts
                facts={[
                    ['State', <JobTag job={job} />],
                    job.progress_note !== undefined && ['Progress', job.progress_note],
                    ['For', <CompanyName id={job.company_id} />],
                    ['Priority', job.priority],
                    [
                        'Attempts',
                        `${job.attempt}${job.attempts_max ? ` of ${job.attempts_max}` : ''}`,
                    ],
                    ['Enqueued', <When at={job.enqueued_at} zone={zone} />],
                    ['Due', <When at={job.due_at} zone={zone} />],
                    job.started_at !== undefined && [
                        'Started',
                        <When at={job.started_at} zone={zone} />,
                    ],
                    job.finished_at !== undefined && [
                        'Ended',
                        <When at={job.finished_at} zone={zone} />,
                    ],
                    job.deadline_at !== undefined && [
                        'Deadline',
                        <When at={job.deadline_at} zone={zone} />,
                    ],
                    job.unique_key !== undefined && [
                        'Unique key',
                        <span className="code">{job.unique_key}</span>,
                    ],
                    ['Id', <span className="code">{job.id}</span>],
                ]}
            />
            <div className="drawer-part">
                <h3>What went wrong</h3>
                {job.errors.length === 0 ? (
                    <p className="muted">Nothing so far.</p>
                ) : (
                    <ol className="plain-list" reversed>
                        {[...job.errors].reverse().map(error => (
                            <li key={`${error.attempt} ${error.at}`}>
                                <div>
                                    <b>{error.code}</b>
                                    <span className="muted">
                                        Try {error.attempt}, <When at={error.at} zone={zone} />
                                    </span>
                                    <span className="code">{error.message}</span>
                                </div>
                            </li>
                        ))}
                    </ol>
                )}
            </div>
            {acting.error && (
                <p className="form-trouble" role="alert">
                    {acting.error.message}
                </p>
            )}
            <Group gap="xs" mt="md">
                <Button
                    size="xs"
                    disabled={!allowed || !mayRetry(job)}
                    loading={acting.isPending && acting.variables === 'retry_job'}
                    onClick={() => acting.mutate('retry_job')}
                >
                    Try it again now
                </Button>
                <Button
                    size="xs"
                    variant="default"
                    disabled={!allowed || !mayCancel(job) || job.cancel_asked}
                    loading={acting.isPending && acting.variables === 'cancel_job'}
                    onClick={() => acting.mutate('cancel_job')}
                >
                    Cancel it
                </Button>
            </Group>
        </Beside>
    );
}
