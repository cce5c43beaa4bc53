// An asset leaves service: asked again first, for it cannot be undone.

import { Button, Group, Modal, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { ApiError } from '@mobilytics/api';
import type { Asset } from '@mobilytics/api';
import { client } from '../data/client';
import { useFleetChanged } from '../data/fleet_changed';

interface RetireProps {
    asset: Asset;
    sensor: string | undefined;
    close: () => void;
}

export function RetireAsset({ asset, sensor, close }: RetireProps) {
    const changed = useFleetChanged();
    const retire = useMutation({
        mutationFn: async () => {
            try {
                await client.call('retire_asset', { params: { asset_id: asset.id } });
            } catch (error) {
                // By somebody else, or by a try whose answer was lost: as was wanted.
                if (!(error instanceof ApiError && error.code === 'asset_retired')) throw error;
            }
        },
        onSuccess: () => {
            notifications.show({ message: `${asset.name} is retired.` });
            changed(asset.id);
            close();
        },
    });
    return (
        <Modal opened onClose={close} title={`Retire ${asset.name}?`}>
            <ul className="means">
                <li>It stops counting from now, and leaves the map.</li>
                <li>Its history stays in every report.</li>
                {sensor && <li>{sensor} is taken off, and can be put on another asset.</li>}
                <li>It cannot be undone. Its code {asset.code} stays taken.</li>
            </ul>
            {retire.error && (
                <Text size="sm" c="var(--bad)" mt="sm" role="alert">
                    {retire.error.message}
                </Text>
            )}
            <Group justify="flex-end" mt="lg">
                <Button variant="default" size="xs" onClick={close} data-autofocus>
                    Keep it in service
                </Button>
                <Button
                    color="red"
                    size="xs"
                    loading={retire.isPending}
                    onClick={() => retire.mutate()}
                >
                    {retire.error ? 'Try again' : 'Retire'}
                </Button>
            </Group>
        </Modal>
    );
}
