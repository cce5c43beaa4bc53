import { describe, expect, it } from 'vitest';
import { kNoticeLanguages, noticeHtml, noticePlain, noticeText } from './notice_text';
import type { NoticeLanguage } from './notice_text';

const kFacts = {
    company: 'Ours & <Sons>',
    contact: 'privacy@example.com',
    strict: true,
    floor: 25,
    sensors: 3,
};
const kLanguages = Object.keys(kNoticeLanguages) as NoticeLanguage[];

describe('a notice for passers-by', () => {
    it.each(kLanguages)('says in %s who, how many, below how many, and whom to ask', language => {
        const text = noticePlain(noticeText(language, kFacts));
        expect(text).toContain('Ours & <Sons>, privacy@example.com');
        expect(text).toMatch(/\b25\b/);
        expect(text).toMatch(/\b3 /);
    });

    it.each(kLanguages)('says in %s what the mode means', language => {
        const strict = noticeText(language, kFacts);
        const standard = noticeText(language, { ...kFacts, strict: false });
        const differ = strict.paragraphs.filter((text, i) => text !== standard.paragraphs[i]);
        expect(strict.paragraphs).toHaveLength(standard.paragraphs.length);
        expect(differ).toHaveLength(1);
        expect(standard.paragraphs[2]).toContain('24');
        expect(strict.paragraphs[2]).not.toContain('24');
    });

    it('speaks of one sensor as one', () => {
        expect(noticeText('en', { ...kFacts, sensors: 1 }).paragraphs[0]).toContain('one sensor.');
        expect(noticeText('de', { ...kFacts, sensors: 1 }).paragraphs[0]).toContain('ein Sensor.');
    });

    it('is a page in itself, in which names are text', () => {
        const page = noticeHtml('fr', noticeText('fr', kFacts));
        expect(page).toContain('<html lang="fr">');
        expect(page).toContain('Ours &amp; &lt;Sons&gt;');
        expect(page).not.toContain('<Sons>');
        expect(page).not.toMatch(/src=|href=|url\(/);
    });
});
