import { expect, test } from 'vitest';
import { csvOf } from './csv';

test('cells are quoted where they must be, and nothing is run as a formula', () => {
    expect(
        csvOf(
            ['name', 'said'],
            [
                ['Ada, Ltd', 'she said "no"'],
                ['=HYPERLINK("x")', -3],
                [undefined, true],
            ],
        ),
    ).toBe(
        'name,said\r\n' +
            '"Ada, Ltd","she said ""no"""\r\n' +
            '"\'=HYPERLINK(""x"")",-3\r\n' +
            ',yes\r\n',
    );
});
