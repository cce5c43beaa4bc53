// A notice for passers-by, made of what is in force now: to print as a sign, or to copy.

import { useState } from 'react';
import { Button, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Lines, Panel, Trouble, saveText } from '@mobilytics/ui';
import { companyQuery, devicesQuery, freshnessQuery } from '../../../data/queries';
import { kNoticeLanguages, noticeHtml, noticePlain, noticeText } from './notice_text';
import type { NoticeLanguage } from './notice_text';

export function NoticePart() {
    const company = useQuery(companyQuery);
    const devices = useQuery(devicesQuery);
    const figures = useQuery(freshnessQuery); // It says the floor that is in force.
    const [language, setLanguage] = useState<NoticeLanguage>('en');
    const [contact, setContact] = useState('');
    const parts = [company, devices, figures];
    const failed = parts.find(part => part.error && !part.data);
    if (failed?.error) {
        return (
            <Trouble
                error={failed.error}
                what="The notice"
                retry={() => parts.forEach(part => void part.refetch())}
            />
        );
    }
    if (!company.data || !devices.data || !figures.data) return <Lines count={8} />;
    const { name, privacy_mode } = company.data;
    const text = noticeText(language, {
        company: name,
        contact: contact.trim() || '…',
        strict: privacy_mode === 'strict',
        floor: figures.data.suppress_below,
        sensors: devices.data.filter(device => device.state === 'active').length,
    });
    const ready = contact.trim() !== '';
    return (
        <Panel
            title="A notice for passers-by"
            about="Made of what is in force now: make it anew when the mode changes"
        >
            <div className="form" style={{ maxWidth: 460 }}>
                <Select
                    label="Language"
                    allowDeselect={false}
                    data={Object.entries(kNoticeLanguages).map(([value, label]) => ({
                        value,
                        label,
                    }))}
                    value={language}
                    onChange={value => setLanguage(value as NoticeLanguage)}
                />
                <TextInput
                    label="Whom to ask"
                    description="An address or e-mail; the data protection officer, where there is one."
                    maxLength={200}
                    value={contact}
                    onChange={event => setContact(event.currentTarget.value)}
                />
            </div>
            <article lang={language} className="notice-text" style={{ margin: '18px 0' }}>
                <h3>{text.title}</h3>
                {text.paragraphs.map((paragraph, i) => (
                    <p key={i}>{paragraph}</p>
                ))}
            </article>
            <div className="button-row">
                <Button
                    size="xs"
                    disabled={!ready}
                    onClick={() =>
                        saveText(
                            `notice-${language}.html`,
                            noticeHtml(language, text),
                            'text/html;charset=utf-8',
                        )
                    }
                >
                    Save as a page to print
                </Button>
                <Button
                    size="xs"
                    variant="default"
                    disabled={!ready}
                    onClick={() =>
                        saveText(
                            `notice-${language}.txt`,
                            noticePlain(text),
                            'text/plain;charset=utf-8',
                        )
                    }
                >
                    Save as text
                </Button>
            </div>
            {!ready && <p className="hint">Say whom to ask: a notice without it is none.</p>}
            <p className="hint">
                It is no legal advice. To assess what counting does to people there is a template,
                docs/dpia-template.md.
            </p>
        </Panel>
    );
}
