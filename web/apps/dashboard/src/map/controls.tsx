import { ActionIcon, Tooltip } from '@mantine/core';
import { IconFocusCentered, IconMinus, IconPlus } from '@tabler/icons-react';

interface ControlsProps {
    zoomBy: (step: number) => void;
    fit: () => void;
    /** What `fit` brings into view, when that is not the assets. */
    all?: string;
}

export function Controls({ zoomBy, fit, all = 'All assets into view' }: ControlsProps) {
    const buttons = [
        { label: all, icon: IconFocusCentered, onClick: fit },
        { label: 'Closer', icon: IconPlus, onClick: () => zoomBy(1) },
        { label: 'Farther', icon: IconMinus, onClick: () => zoomBy(-1) },
    ];
    return (
        <div className="map-controls">
            {buttons.map(button => (
                <Tooltip key={button.label} label={button.label} position="left">
                    <ActionIcon
                        variant="default"
                        size={38}
                        aria-label={button.label}
                        onClick={button.onClick}
                    >
                        <button.icon size={18} stroke={1.7} />
                    </ActionIcon>
                </Tooltip>
            ))}
        </div>
    );
}
