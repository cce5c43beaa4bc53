// What is kept about whom and how long; what a person may ask for; how passers-by are counted and
// told of it. A file a part in privacy/.

import { Tabs } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Panel } from '@mobilytics/ui';
import { Consents } from './privacy/consents';
import { DataMapPart } from './privacy/data_map';
import { Mode } from './privacy/mode';
import { NoticePart } from './privacy/notice';
import { OptOuts } from './privacy/opt_outs';
import { Requests } from './privacy/requests';
import { RetentionPart } from './privacy/retention';
import { SensitivePlaces } from './privacy/sensitive';

const kTabs = [
    ['mode', 'How we count'],
    ['sensitive', 'Sensitive places'],
    ['data', 'What is kept'],
    ['retention', 'How long'],
    ['requests', 'Requests'],
    ['consents', 'Consents'],
    ['opt-outs', 'Opt-outs'],
    ['notice', 'Notice'],
] as const;

export function Privacy() {
    const search = useSearch({ strict: false }) as { tab?: string };
    const navigate = useNavigate();
    const tab = kTabs.find(([name]) => name === search.tab)?.[0] ?? 'mode';
    return (
        <div className="page">
            <Panel title="Whom we measure" about="In short; each part below in full">
                <p className="page-about" style={{ margin: 0 }}>
                    Devices of passers-by are counted as pseudonyms whose key is destroyed every
                    day. No name, number or address of a device is kept. Below is how you count,
                    what is kept of your people and contacts and for how long, and a notice for
                    passers-by.
                </p>
            </Panel>
            <Tabs
                value={tab}
                onChange={value =>
                    void navigate({
                        to: '.',
                        search: { tab: value === 'mode' ? undefined : value } as never,
                    })
                }
                keepMounted={false}
            >
                <Tabs.List mb="md" className="scrolling-tabs">
                    {kTabs.map(([name, label]) => (
                        <Tabs.Tab key={name} value={name}>
                            {label}
                        </Tabs.Tab>
                    ))}
                </Tabs.List>
                <Tabs.Panel value="mode">
                    <Mode />
                </Tabs.Panel>
                <Tabs.Panel value="sensitive">
                    <SensitivePlaces />
                </Tabs.Panel>
                <Tabs.Panel value="data">
                    <DataMapPart />
                </Tabs.Panel>
                <Tabs.Panel value="retention">
                    <RetentionPart />
                </Tabs.Panel>
                <Tabs.Panel value="requests">
                    <Requests />
                </Tabs.Panel>
                <Tabs.Panel value="consents">
                    <Consents />
                </Tabs.Panel>
                <Tabs.Panel value="opt-outs">
                    <OptOuts />
                </Tabs.Panel>
                <Tabs.Panel value="notice">
                    <NoticePart />
                </Tabs.Panel>
            </Tabs>
        </div>
    );
}
