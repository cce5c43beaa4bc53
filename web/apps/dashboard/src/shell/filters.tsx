// Which assets, and what was heard.

import { useState } from 'react';
import { Button, Checkbox, Popover, ScrollArea, SegmentedControl, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconAntenna, IconChevronDown, IconMapPin } from '@tabler/icons-react';
import { assetsQuery } from '../data/queries';
import { kSourceTexts, useChangeSearch, useView } from './view';

export function AssetFilter() {
    const { assetIds } = useView();
    const { data: assets = [] } = useQuery(assetsQuery);
    const change = useChangeSearch();
    const [find, setFind] = useState('');
    const chosen = new Set(assetIds);
    const shown = assets.filter(asset =>
        `${asset.code} ${asset.name}`.toLowerCase().includes(find.toLowerCase()),
    );
    const only = assetIds.length === 1 && assets.find(asset => asset.id === assetIds[0]);
    const label = only
        ? only.code
        : assetIds.length > 0
          ? `${assetIds.length} assets`
          : 'All assets';
    const choose = (ids: string[]) =>
        change({ assets: ids.length > 0 ? ids.join(',') : undefined });
    return (
        <Popover position="bottom-end" trapFocus returnFocus>
            <Popover.Target>
                <Button
                    variant="default"
                    size="xs"
                    className="filter"
                    data-chosen={assetIds.length > 0 || undefined}
                    leftSection={<IconMapPin size={14} stroke={1.7} />}
                    rightSection={<IconChevronDown size={13} stroke={1.8} />}
                    aria-label={`Assets: ${label}`}
                >
                    {label}
                </Button>
            </Popover.Target>
            <Popover.Dropdown p={8} w={290}>
                <TextInput
                    size="xs"
                    placeholder="Find an asset"
                    aria-label="Find an asset"
                    value={find}
                    onChange={event => setFind(event.currentTarget.value)}
                    mb={6}
                />
                <ScrollArea.Autosize mah={280} type="auto">
                    <div role="group" aria-label="Assets" className="choices">
                        {shown.map(asset => (
                            <Checkbox
                                key={asset.id}
                                size="xs"
                                label={
                                    <>
                                        {asset.name} <span className="muted">{asset.code}</span>
                                    </>
                                }
                                checked={chosen.has(asset.id)}
                                onChange={event =>
                                    choose(
                                        event.currentTarget.checked
                                            ? [...assetIds, asset.id]
                                            : assetIds.filter(id => id !== asset.id),
                                    )
                                }
                            />
                        ))}
                        {shown.length === 0 && (
                            <span className="muted">No asset is called that.</span>
                        )}
                    </div>
                </ScrollArea.Autosize>
                <Button
                    variant="subtle"
                    size="compact-xs"
                    mt={6}
                    disabled={assetIds.length === 0}
                    onClick={() => choose([])}
                >
                    All assets
                </Button>
            </Popover.Dropdown>
        </Popover>
    );
}

export function SourceFilter() {
    const { source } = useView();
    const change = useChangeSearch();
    return (
        <Popover position="bottom-end" trapFocus returnFocus>
            <Popover.Target>
                <Button
                    variant="default"
                    size="xs"
                    className="filter"
                    data-chosen={source !== 'all' || undefined}
                    leftSection={<IconAntenna size={14} stroke={1.7} />}
                    rightSection={<IconChevronDown size={13} stroke={1.8} />}
                    aria-label={`Heard by: ${source === 'all' ? 'All radio' : kSourceTexts[source]}`}
                >
                    {source === 'all' ? 'All radio' : kSourceTexts[source]}
                </Button>
            </Popover.Target>
            <Popover.Dropdown p={10} w={280}>
                <SegmentedControl
                    fullWidth
                    size="xs"
                    value={source}
                    onChange={value =>
                        change({ source: value === 'all' ? undefined : (value as 'wifi' | 'ble') })
                    }
                    data={[
                        { value: 'all', label: 'All' },
                        { value: 'wifi', label: 'Wi-Fi' },
                        { value: 'ble', label: 'Bluetooth' },
                    ]}
                />
                <p className="hint">
                    A phone that is heard by Wi-Fi and by Bluetooth counts as two devices in “All”.
                </p>
            </Popover.Dropdown>
        </Popover>
    );
}
