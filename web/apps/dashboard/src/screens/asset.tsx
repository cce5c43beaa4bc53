// One asset: its faces, what they are, and from where they are seen.

import { Suspense, lazy, useState } from 'react';
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { Asset, Face } from '@mobilytics/api';
import {
    ConfirmDialog,
    Lines,
    Message,
    Panel,
    RowMenu,
    Tag,
    Trouble,
    When,
    decimal,
    useMay,
} from '@mobilytics/ui';
import { client } from '../data/client';
import { facesQuery } from '../data/face_queries';
import { useLive } from '../data/live_store';
import { assetsQuery } from '../data/queries';
import { kLightWords, kSideWords } from '../figures/faces';
import { useView } from '../shell/view';
import { WhatItUses } from './calibration_uses';
import { FaceDrawing } from './face_drawing';
import { FaceForm } from './face_form';
import { PlayLogs } from './play_logs';

const SightMap = lazy(() => import('../map/sight_map'));

/** Out of a vehicle's own heading: its sides as one drives. */
const kTurns = { front: 0, right: 90, back: 180, left: 270 } as const;

function facts(face: Face): string {
    return [
        `${decimal(face.width_m, 2)} × ${decimal(face.height_m, 2)} m`,
        face.medium === 'digital' ? `digital, ${face.slots} slots in ${face.loop_s} s` : 'printed',
        face.lit === 'hours'
            ? `lit ${face.lit_from} to ${face.lit_to}`
            : kLightWords[face.lit].toLowerCase(),
        face.road_angle_deg === undefined ? '' : `${face.road_angle_deg}° to the road`,
        face.speed_kmh === undefined ? '' : `traffic at ${face.speed_kmh} km/h`,
    ]
        .filter(Boolean)
        .join(' · ');
}

function Faces({ asset, faces }: { asset: Asset; faces: Face[] }) {
    const { zone } = useView();
    const queries = useQueryClient();
    const mayChange = useMay('add_face') && asset.state === 'in_service';
    const [editing, setEditing] = useState<Face | 'new'>();
    const [retiring, setRetiring] = useState<Face>();
    const add = mayChange && (
        <Button size="xs" onClick={() => setEditing('new')}>
            Add a face
        </Button>
    );
    return (
        <Panel
            title="Faces"
            about="Surfaces on which advertising is shown. Metrics are of a face."
            actions={faces.length > 0 && add}
        >
            {faces.length === 0 ? (
                <Message center title="No face yet" actions={add}>
                    Write down how large it is, where it looks and whether it is lit: impressions
                    that are likely to be seen, points and multipliers need that.
                </Message>
            ) : (
                <ul className="face-list">
                    {faces.map(face => (
                        <li key={face.id}>
                            <FaceDrawing
                                heading={
                                    asset.kind === 'vehicle' ? kTurns[face.side] : face.heading_deg
                                }
                                label={
                                    asset.kind === 'vehicle'
                                        ? `${kSideWords[face.side]} side, the vehicle heads up`
                                        : face.heading_deg === undefined
                                          ? 'It is not known where it looks'
                                          : `It looks towards ${face.heading_deg}°`
                                }
                            />
                            <div className="face-words">
                                <Link
                                    to="/media-metrics"
                                    search={{ asset: asset.id, face: face.id } as never}
                                    className="row-link strong"
                                >
                                    <span>{face.name}</span>
                                    <span className="muted">{kSideWords[face.side]}</span>
                                </Link>
                                <span className="muted">{facts(face)}</span>
                                {face.to && (
                                    <span>
                                        <Tag kind="idle">Retired</Tag>{' '}
                                        <When at={face.to} zone={zone} />
                                    </span>
                                )}
                            </div>
                            {!face.to && mayChange && (
                                <RowMenu
                                    of={face.name}
                                    deeds={[
                                        { label: 'Change…', run: () => setEditing(face) },
                                        {
                                            label: 'Retire…',
                                            run: () => setRetiring(face),
                                            danger: true,
                                        },
                                    ]}
                                />
                            )}
                        </li>
                    ))}
                </ul>
            )}
            {editing && (
                <FaceForm
                    asset={asset}
                    {...(editing === 'new' ? {} : { face: editing })}
                    close={() => setEditing(undefined)}
                />
            )}
            {retiring && (
                <ConfirmDialog
                    title={`Retire ${retiring.name}?`}
                    means={[
                        'From now on nothing is counted for it.',
                        'What was measured until now stays.',
                    ]}
                    confirm="Retire"
                    run={() =>
                        client
                            .call('retire_face', { params: { face_id: retiring.id } })
                            .then(() => queries.invalidateQueries({ queryKey: ['faces'] }))
                    }
                    done={`${retiring.name} is retired.`}
                    close={() => setRetiring(undefined)}
                />
            )}
        </Panel>
    );
}

export function AssetPage() {
    const { assetId } = useParams({ strict: false });
    const assets = useQuery(assetsQuery);
    const faces = useQuery(facesQuery(assetId!));
    const live = useLive();
    const seesCalibration = useMay('find_site');
    const asset = assets.data?.find(each => each.id === assetId);
    const now = live.items.find(each => each.asset_id === assetId);
    const error = assets.error ?? faces.error;
    if (error && !(asset && faces.data)) {
        return (
            <Trouble
                center
                error={error}
                what="The asset"
                retry={() => {
                    void assets.refetch();
                    void faces.refetch();
                }}
            />
        );
    }
    if (assets.data && !asset) {
        return (
            <Message center title="There is no such asset">
                <Link to="/assets" className="quiet-link">
                    All assets
                </Link>
            </Message>
        );
    }
    if (!asset || !faces.data) return <Lines count={8} height={22} />;
    const moving = asset.kind === 'vehicle';
    const latitude = moving ? now?.latitude : asset.latitude;
    const longitude = moving ? now?.longitude : asset.longitude;
    return (
        <div className="page narrow">
            <p className="page-about">
                <Link to="/assets" className="quiet-link">
                    Assets
                </Link>{' '}
                / {asset.name} <span className="muted">{asset.code}</span>
            </p>
            <Faces asset={asset} faces={faces.data} />
            <PlayLogs faces={faces.data} />
            {seesCalibration && <WhatItUses assetId={asset.id} zone={asset.time_zone} away />}
            <Panel title="From where they are seen">
                {latitude === undefined || longitude === undefined ? (
                    <p className="muted">Where it is is not known yet.</p>
                ) : (
                    <Suspense fallback={<Lines count={6} height={22} />}>
                        <SightMap
                            at={{ latitude, longitude }}
                            heading={moving ? now?.heading_deg : undefined}
                            faces={faces.data.filter(face => !face.to)}
                        />
                    </Suspense>
                )}
            </Panel>
        </div>
    );
}
