// A factor is fitted: of what, to the counts that it has.

import { useRef } from 'react';
import { Modal, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Model, NewFit, Scope } from '@mobilytics/api';
import { Form, useForm } from '@mobilytics/ui';
import { client } from '../data/client';
import { classesQuery, sitesQuery, useCalibrationChanged } from '../data/calibration_queries';
import { kScopes } from '../calibration/search';
import { kScopeWords } from '../calibration/words';

interface FitProps {
    initial?: { scope: Scope; class_id?: string };
    close: () => void;
    done: (made: Model) => void;
}

const kAbout: Record<Scope, string> = {
    asset: 'To the counts at this site. Goes before what its class or all sites have.',
    class: 'To the counts at all sites of the class together. Applies to those of them that have none of their own.',
    company:
        'To all counts of the company together. Applies where neither a site nor its class has one.',
};

export function FitForm({ initial, close, done }: FitProps) {
    const sites = useQuery(sitesQuery);
    const classes = useQuery(classesQuery);
    const changed = useCalibrationChanged();
    const repeatable = useRef(client.repeatable());
    const form = useForm({
        initial: {
            scope: (initial?.scope ?? 'asset') as string,
            asset_id: '',
            class_id: initial?.class_id ?? '',
        },
        check: ({ scope, asset_id, class_id }) => ({
            ...(scope === 'asset' && !asset_id ? { asset_id: 'Which site is it?' } : {}),
            ...(scope === 'class' && !class_id ? { class_id: 'Which class is it?' } : {}),
        }),
        send: ({ scope, asset_id, class_id }) =>
            repeatable.current('fit_model', {
                body: {
                    scope,
                    ...(scope === 'asset' ? { asset_id } : {}),
                    ...(scope === 'class' ? { class_id } : {}),
                } as NewFit,
            }),
        done: made => {
            void changed();
            done(made);
        },
        places: { no_such_asset: 'asset_id', no_such_class: 'class_id' },
    });
    const scope = form.values.scope as Scope;
    const counts = (ids: readonly string[]) =>
        sites.data
            ?.filter(({ asset_id }) => ids.includes(asset_id))
            .reduce((sum, { counts: its }) => sum + its, 0);
    return (
        <Modal opened onClose={close} title="Fit a factor">
            <Form form={form} submit="Fit" label="Fit a factor">
                <Select
                    {...form.choice('scope')}
                    value={scope}
                    label="Of"
                    description={kAbout[scope]}
                    allowDeselect={false}
                    data={kScopes.map(value => ({ value, label: kScopeWords[value] }))}
                    data-autofocus
                />
                {scope === 'asset' && (
                    <Select
                        {...form.choice('asset_id')}
                        value={form.values.asset_id || null}
                        label="Site"
                        placeholder={sites.data ? 'Choose' : 'Asking…'}
                        searchable
                        nothingFoundMessage="No such site"
                        data={(sites.data ?? []).map(({ asset_id, name, counts: its }) => ({
                            value: asset_id,
                            label: `${name}, ${its === 1 ? '1 count' : `${its} counts`}`,
                        }))}
                    />
                )}
                {scope === 'class' && (
                    <Select
                        {...form.choice('class_id')}
                        value={form.values.class_id || null}
                        label="Class"
                        placeholder={
                            !classes.data
                                ? 'Asking…'
                                : classes.data.length === 0
                                  ? 'There is no class yet'
                                  : 'Choose'
                        }
                        data={(classes.data ?? []).map(({ id, name, asset_ids }) => ({
                            value: id,
                            label: `${name}, ${counts(asset_ids) ?? '…'} counts`,
                        }))}
                    />
                )}
                <p className="hint">
                    It is a draft: no number changes before somebody publishes it.
                </p>
            </Form>
        </Modal>
    );
}
