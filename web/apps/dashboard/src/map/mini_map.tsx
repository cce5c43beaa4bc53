// A small map of now, as a picture: the whole of it is one link to the live map.

import { useRef } from 'react';
import { Link } from '@tanstack/react-router';
import { useLive } from '../data/live_store';
import { useFleetMap } from './use_fleet_map';

export default function MiniMap() {
    const box = useRef<HTMLDivElement>(null);
    const { failed } = useFleetMap(box, { still: true });
    const live = useLive();
    const moving = live.items.filter(item => (item.speed_m_s ?? 0) >= 1.5 && item.state === 'live');
    const heard = live.items.filter(item => item.state === 'live');
    return (
        <Link to="/map" className="mini-map">
            <div ref={box} className="mini-map-box" aria-hidden />
            <span className="hidden">Open the live map.</span>
            {failed && <span className="mini-map-note">This browser cannot draw the map.</span>}
            {live.loaded && !failed && (
                <span className="mini-map-note">
                    {heard.length} live, {moving.length} driving
                </span>
            )}
        </Link>
    );
}
