// Classes of sites: those that are alike enough for one factor.

import { useRef, useState } from 'react';
import { Button, Modal, MultiSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { Asset, Model, SiteClass } from '@mobilytics/api';
import { Form, Lines, Message, Panel, Tag, Trouble, useForm, useMay } from '@mobilytics/ui';
import { movedInto } from '../calibration/words';
import { client } from '../data/client';
import {
    classesQuery,
    modelsQuery,
    sitesQuery,
    useCalibrationChanged,
} from '../data/calibration_queries';
import { assetsQuery } from '../data/queries';
import { factorText, kQualities } from '../figures/calibrations';
import { FitForm } from './calibration_fit';
import { CalibrationFrame, Stale } from './calibration_frame';

const kMembersMost = 1000;

interface ClassFormProps {
    its?: SiteClass;
    classes: SiteClass[];
    assets: Asset[];
    close: () => void;
}

function ClassForm({ its, classes, assets, close }: ClassFormProps) {
    const changed = useCalibrationChanged();
    const repeatable = useRef(client.repeatable());
    const form = useForm({
        initial: { name: its?.name ?? '', asset_ids: its?.asset_ids ?? [] },
        check: ({ name }) => (name.trim() ? {} : { name: 'What are they called together?' }),
        send: ({ name, asset_ids }) => {
            const body = { name: name.trim(), asset_ids };
            return its
                ? client.call('change_class', { params: { class_id: its.id }, body })
                : repeatable.current('add_class', { body });
        },
        done: () => {
            void changed();
            close();
        },
        places: { class_name_taken: 'name', no_such_asset: 'asset_ids' },
    });
    const chosen = form.values.asset_ids;
    const moved = movedInto(chosen, its?.id, classes, assets);
    const left = (its?.asset_ids ?? []).filter(id => !chosen.includes(id)).length;
    return (
        <Modal opened onClose={close} title={its ? `Change ${its.name}` : 'Make a class'}>
            <Form form={form} submit={its ? 'Save' : 'Make it'} label="Class of sites">
                <TextInput
                    {...form.text('name')}
                    label="Name"
                    placeholder="Bus shelters on main roads"
                    maxLength={80}
                    data-autofocus
                />
                <MultiSelect
                    {...form.choice('asset_ids')}
                    value={chosen}
                    label="Sites in it"
                    description="Alike in what passes them and through which walls they hear. A site is in one class at most."
                    placeholder={chosen.length === 0 ? 'None yet' : ''}
                    data={assets
                        .filter(({ id, state }) => state === 'in_service' || chosen.includes(id))
                        .map(({ id, name, code }) => ({ value: id, label: `${name} (${code})` }))}
                    maxValues={kMembersMost}
                    searchable
                    hidePickedOptions
                    clearable
                    clearButtonProps={{ 'aria-label': 'None of them' }}
                    nothingFoundMessage="No such asset"
                />
                {(moved.length > 0 || left > 0) && (
                    <ul className="means" role="status">
                        {moved.map(({ asset, from }) => (
                            <li key={asset}>
                                {asset} leaves {from}.
                            </li>
                        ))}
                        {left > 0 && (
                            <li>
                                {left === 1 ? '1 site is' : `${left} sites are`} in no class then.
                            </li>
                        )}
                        <li>
                            Numbers of the past change too: people are told by the class that a site
                            is in now.
                        </li>
                    </ul>
                )}
            </Form>
        </Modal>
    );
}

interface ClassItemProps {
    its: SiteClass;
    assets: Asset[];
    published: Model | undefined;
    counts: number | undefined;
    change: (() => void) | undefined;
    fit: (() => void) | undefined;
}

function ClassItem({ its, assets, published, counts, change, fit }: ClassItemProps) {
    const size = its.asset_ids.length;
    return (
        <li data-class={its.name}>
            <div className="class-head">
                <div>
                    <h3>{its.name}</h3>
                    <span className="muted">
                        {size === 1 ? '1 site' : `${size} sites`}
                        {counts !== undefined &&
                            `, ${counts === 1 ? '1 count' : `${counts} counts`}`}
                    </span>
                </div>
                {published ? (
                    <>
                        <Link
                            to="/calibration/factors/$modelId"
                            params={{ modelId: published.id }}
                            className="quiet-link"
                        >
                            {factorText(published)}, version {published.version}
                        </Link>
                        <Tag kind={kQualities[published.quality].kind}>
                            {kQualities[published.quality].label}
                        </Tag>
                    </>
                ) : (
                    <Tag kind="idle">No factor of its own</Tag>
                )}
                <div className="button-row">
                    {fit && (
                        <Button
                            size="xs"
                            variant="default"
                            onClick={fit}
                            aria-label={`Fit a factor of ${its.name}`}
                        >
                            Fit
                        </Button>
                    )}
                    {change && (
                        <Button
                            size="xs"
                            variant="default"
                            onClick={change}
                            aria-label={`Change ${its.name}`}
                        >
                            Change
                        </Button>
                    )}
                </div>
            </div>
            {size === 0 ? (
                <span className="muted">No site is in it: its factor applies to nothing.</span>
            ) : (
                <ul className="members" aria-label={`Sites in ${its.name}`}>
                    {its.asset_ids.map(id => (
                        <li key={id}>
                            <Link to="/calibration/$assetId" params={{ assetId: id }}>
                                {assets.find(each => each.id === id)?.name ?? 'An asset'}
                            </Link>
                        </li>
                    ))}
                </ul>
            )}
        </li>
    );
}

export function CalibrationClasses() {
    const navigate = useNavigate();
    const classes = useQuery(classesQuery);
    const assets = useQuery(assetsQuery);
    const sites = useQuery(sitesQuery);
    const published = useQuery(modelsQuery({ scope: 'class', state: 'published' }));
    const mayAdd = useMay('add_class');
    const mayFit = useMay('fit_model');
    const [editing, setEditing] = useState<SiteClass | 'new'>();
    const [fitting, setFitting] = useState<SiteClass>();
    const add = mayAdd && assets.data && (
        <Button size="xs" onClick={() => setEditing('new')}>
            Make a class
        </Button>
    );
    const grouped = new Set(classes.data?.flatMap(({ asset_ids }) => asset_ids));
    const loose = (assets.data ?? []).filter(
        ({ id, state }) => state === 'in_service' && !grouped.has(id),
    );
    const error = classes.error ?? assets.error;
    return (
        <CalibrationFrame at="/calibration/classes">
            <Panel
                testId="panel-classes"
                title="Classes of sites"
                about="Sites that are alike have one factor together: counting at some of them is enough for all."
                actions={classes.data && classes.data.length > 0 && add}
            >
                <Stale query={classes} />
                {error && !(classes.data && assets.data) ? (
                    <Trouble
                        error={error}
                        what="The classes"
                        retry={() => {
                            void classes.refetch();
                            void assets.refetch();
                        }}
                    />
                ) : !classes.data || !assets.data ? (
                    <Lines count={6} height={18} />
                ) : classes.data.length === 0 ? (
                    <Message center title="No class yet" actions={add}>
                        {mayAdd
                            ? 'Put sites together that are alike: shelters on main roads, screens in lobbies. One factor is fitted to the counts of all of them.'
                            : 'An admin or an owner makes one.'}
                    </Message>
                ) : (
                    <ul className="class-list">
                        {classes.data.map(its => (
                            <ClassItem
                                key={its.id}
                                its={its}
                                assets={assets.data}
                                published={published.data?.find(
                                    ({ class_id }) => class_id === its.id,
                                )}
                                counts={sites.data
                                    ?.filter(({ class_id }) => class_id === its.id)
                                    .reduce((sum, { counts }) => sum + counts, 0)}
                                change={mayAdd ? () => setEditing(its) : undefined}
                                fit={mayFit ? () => setFitting(its) : undefined}
                            />
                        ))}
                    </ul>
                )}
            </Panel>
            {classes.data && classes.data.length > 0 && loose.length > 0 && (
                <Panel
                    title="In no class"
                    about="They use their own factor or that of all sites; else their numbers are of devices."
                >
                    <ul className="members" aria-label="Sites in no class">
                        {loose.map(({ id, name }) => (
                            <li key={id}>
                                <Link to="/calibration/$assetId" params={{ assetId: id }}>
                                    {name}
                                </Link>
                            </li>
                        ))}
                    </ul>
                </Panel>
            )}
            {editing && classes.data && assets.data && (
                <ClassForm
                    {...(editing === 'new' ? {} : { its: editing })}
                    classes={classes.data}
                    assets={assets.data}
                    close={() => setEditing(undefined)}
                />
            )}
            {fitting && (
                <FitForm
                    initial={{ scope: 'class', class_id: fitting.id }}
                    close={() => setFitting(undefined)}
                    done={({ id }) =>
                        void navigate({
                            to: '/calibration/factors/$modelId',
                            params: { modelId: id },
                        })
                    }
                />
            )}
        </CalibrationFrame>
    );
}
