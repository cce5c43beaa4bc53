// The signs of assets on the map, drawn once for each kind, state and ground. Kind by outline: a
// disc goes, a board stands. State by what is in it, so that it reads without colour: solid is
// live, a ring is quiet, a cross is silent, a broken outline was never heard.

import type { AssetKind, LiveState } from '@mobilytics/api';

const kSize = 30;
const kRatio = 2;

export const kKinds: AssetKind[] = ['vehicle', 'billboard', 'screen'];
export const kStates: LiveState[] = ['live', 'quiet', 'silent', 'never'];

interface Inks {
    live: string;
    quiet: string;
    silent: string;
    never: string;
    rim: string;
}

const light: Inks = {
    live: '#0b8a55',
    quiet: '#b97700',
    silent: '#c0362c',
    never: '#74747f',
    rim: '#ffffff',
};
const dark: Inks = {
    live: '#2fbf7f',
    quiet: '#e5a93c',
    silent: '#f0685b',
    never: '#9a9aa6',
    rim: '#121215',
};

export function markerName(kind: string, state: LiveState, isDark: boolean): string {
    const known = kKinds.find(each => each === kind) ?? 'billboard';
    return `${known}-${state}-${isDark ? 'dark' : 'light'}`;
}

export function headingName(isDark: boolean): string {
    return `heading-${isDark ? 'dark' : 'light'}`;
}

function sheet(size: number): { canvas: HTMLCanvasElement; pen: CanvasRenderingContext2D } {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = size * kRatio;
    const pen = canvas.getContext('2d')!;
    pen.scale(kRatio, kRatio);
    pen.translate(size / 2, size / 2);
    pen.lineJoin = 'round';
    pen.lineCap = 'round';
    return { canvas, pen };
}

function outline(pen: CanvasRenderingContext2D, kind: AssetKind, grow: number) {
    pen.beginPath();
    if (kind === 'vehicle') {
        pen.arc(0, 0, 7.5 + grow, 0, 2 * Math.PI);
    } else if (kind === 'billboard') {
        pen.roundRect(-8.5 - grow, -6.5 - grow, 17 + 2 * grow, 13 + 2 * grow, 3 + grow / 2);
    } else {
        pen.roundRect(-6.5 - grow, -8.5 - grow, 13 + 2 * grow, 17 + 2 * grow, 3 + grow / 2);
    }
}

function draw(kind: AssetKind, state: LiveState, ink: Inks): ImageData {
    const { canvas, pen } = sheet(kSize);
    const color = ink[state];
    pen.shadowColor = 'rgba(0,0,0,0.35)';
    pen.shadowBlur = 4 * kRatio;
    pen.shadowOffsetY = 1 * kRatio;
    outline(pen, kind, 2);
    pen.fillStyle = ink.rim;
    pen.fill();
    pen.shadowColor = 'transparent';
    switch (state) {
        case 'live':
            outline(pen, kind, 0);
            pen.fillStyle = color;
            pen.fill();
            break;
        case 'quiet':
            outline(pen, kind, -1);
            pen.strokeStyle = color;
            pen.lineWidth = 2.2;
            pen.stroke();
            pen.beginPath();
            pen.arc(0, 0, 2.4, 0, 2 * Math.PI);
            pen.fillStyle = color;
            pen.fill();
            break;
        case 'silent':
            outline(pen, kind, 0);
            pen.fillStyle = color;
            pen.fill();
            pen.strokeStyle = ink.rim;
            pen.lineWidth = 2;
            pen.beginPath();
            pen.moveTo(-2.7, -2.7);
            pen.lineTo(2.7, 2.7);
            pen.moveTo(2.7, -2.7);
            pen.lineTo(-2.7, 2.7);
            pen.stroke();
            break;
        case 'never':
            outline(pen, kind, -1);
            pen.strokeStyle = color;
            pen.lineWidth = 1.8;
            pen.setLineDash([3, 2.6]);
            pen.stroke();
            break;
    }
    return pen.getImageData(0, 0, canvas.width, canvas.height);
}

function drawHeading(ink: Inks): ImageData {
    const size = 44;
    const { canvas, pen } = sheet(size);
    pen.beginPath();
    pen.moveTo(0, -19);
    pen.lineTo(6.2, -9.6);
    pen.quadraticCurveTo(0, -12.6, -6.2, -9.6);
    pen.closePath();
    pen.fillStyle = ink.live;
    pen.strokeStyle = ink.rim;
    pen.lineWidth = 2;
    pen.stroke();
    pen.fill();
    return pen.getImageData(0, 0, canvas.width, canvas.height);
}

export function markerImages(isDark: boolean): [string, ImageData][] {
    const ink = isDark ? dark : light;
    return [
        [headingName(isDark), drawHeading(ink)],
        ...kKinds.flatMap(kind =>
            kStates.map((state): [string, ImageData] => [
                markerName(kind, state, isDark),
                draw(kind, state, ink),
            ]),
        ),
    ];
}

export const kMarkerRatio = kRatio;
