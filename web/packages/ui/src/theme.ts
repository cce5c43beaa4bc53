// One accent, neutral greys, small radii: set once here for every Mantine component.

import { createTheme, Tooltip, Popover, Menu, Modal, Drawer, Notification } from '@mantine/core';
import type { MantineColorsTuple } from '@mantine/core';

const accent: MantineColorsTuple = [
    '#eef2ff',
    '#dfe6ff',
    '#bccaff',
    '#93a9fb',
    '#6f8bf6',
    '#4d6eee',
    '#2f55e0',
    '#2446c2',
    '#1d399e',
    '#182f80',
];

const gray: MantineColorsTuple = [
    '#fafafb',
    '#f4f4f6',
    '#ebebef',
    '#dfdfe4',
    '#cdcdd4',
    '#a9a9b3',
    '#74747f',
    '#5c5c67',
    '#3f3f48',
    '#19191d',
];

const dark: MantineColorsTuple = [
    '#ececf0',
    '#b8b8c2',
    '#a0a0ab',
    '#6c6c77',
    '#3a3a43',
    '#2a2a31',
    '#1f1f24',
    '#17171b',
    '#121215',
    '#0c0c0e',
];

/** Dark enough for white upon it, and on white. */
const red: MantineColorsTuple = [
    '#fdeeec',
    '#f9d9d5',
    '#f2b3ac',
    '#ff9184',
    '#e0574a',
    '#cb3a2f',
    '#b3261e',
    '#98201a',
    '#7d1a15',
    '#641512',
];

export const theme = createTheme({
    primaryColor: 'accent',
    primaryShade: 6,
    colors: { accent, gray, dark, red },
    white: '#ffffff',
    black: '#19191d',
    autoContrast: true,
    fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
    fontFamilyMonospace: "ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace",
    fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
    headings: { fontWeight: '600' },
    defaultRadius: 6,
    cursorType: 'pointer',
    focusRing: 'auto',
    respectReducedMotion: true,
    components: {
        Tooltip: Tooltip.extend({ defaultProps: { openDelay: 350, withArrow: false } }),
        Popover: Popover.extend({ defaultProps: { shadow: 'md', radius: 8 } }),
        Menu: Menu.extend({ defaultProps: { shadow: 'md', radius: 8, position: 'bottom-end' } }),
        Modal: Modal.extend({
            defaultProps: {
                radius: 10,
                centered: true,
                overlayProps: { backgroundOpacity: 0.32 },
                closeButtonProps: { 'aria-label': 'Close' },
            },
        }),
        Drawer: Drawer.extend({ defaultProps: { radius: 0 } }),
        Notification: Notification.extend({
            defaultProps: { closeButtonProps: { 'aria-label': 'Close' } },
        }),
    },
});
