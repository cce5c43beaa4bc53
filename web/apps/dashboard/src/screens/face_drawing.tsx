// A face from above: where it looks, and how far it is seen. North is up.

const kReach = 26;

function at(degrees: number, radius: number): string {
    const turn = (degrees * Math.PI) / 180;
    return `${(radius * Math.sin(turn)).toFixed(2)} ${(-radius * Math.cos(turn)).toFixed(2)}`;
}

export function FaceDrawing({ heading, label }: { heading: number | undefined; label: string }) {
    return (
        <svg className="face-drawing" viewBox="-32 -32 64 64" role="img" aria-label={label}>
            <circle r={30} className="face-drawing-ground" />
            <text y={-22} textAnchor="middle" className="face-drawing-north">
                N
            </text>
            {heading === undefined ? (
                <circle r={3} className="face-drawing-face" />
            ) : (
                <>
                    <path
                        className="face-drawing-sight"
                        d={`M0 0L${at(heading - 60, kReach)}A${kReach} ${kReach} 0 0 1 ${at(heading + 60, kReach)}Z`}
                    />
                    <path
                        className="face-drawing-face"
                        d={`M${at(heading - 90, 8)}L${at(heading + 90, 8)}`}
                        strokeWidth={3.5}
                    />
                </>
            )}
        </svg>
    );
}
