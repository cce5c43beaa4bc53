// A QR code, drawn here: what is in it goes nowhere else.

import qrcode from 'qrcode-generator';

const kQuietModules = 4;

export function QrCode({
    text,
    label,
    size = 184,
}: {
    text: string;
    label: string;
    size?: number;
}) {
    const code = qrcode(0, 'M');
    code.addData(text);
    code.make();
    const modules = code.getModuleCount();
    const side = modules + 2 * kQuietModules;
    let path = '';
    for (let row = 0; row < modules; ++row) {
        for (let column = 0; column < modules; ++column) {
            if (!code.isDark(row, column)) continue;
            path += `M${column + kQuietModules} ${row + kQuietModules}h1v1h-1z`;
        }
    }
    return (
        <svg
            className="qr"
            role="img"
            aria-label={label}
            width={size}
            height={size}
            viewBox={`0 0 ${side} ${side}`}
            shapeRendering="crispEdges"
        >
            <rect width={side} height={side} fill="#ffffff" />
            <path d={path} fill="#000000" />
        </svg>
    );
}
