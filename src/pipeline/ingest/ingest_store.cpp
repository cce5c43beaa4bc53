#include "pipeline/ingest/ingest_store.h"

#include <algorithm>

#include <boost/json/serialize.hpp>

namespace mobilytics::ingest {

namespace {

constexpr pg::Query kLockBoots{"ingest.lock_boots", R"sql(
    SELECT b.company_id, b.device_id, b.boot_id, b.taken, b.lost, b.refused, b.first_received_at, b.last_received_at, b.anchor_mono_us,
           b.anchor_at, b.anchor_source, b.anchor_error_us, b.retimings, b.begun_at_most,
           b.not_before, b.begun_at, b.lowest_seq, b.lowest_mono_us, b.highest_seq,
           b.highest_mono_us, b.last_duration_us
    FROM ingest.boot b
    JOIN unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS k (company_id, device_id, boot_id)
      ON b.company_id = k.company_id AND b.device_id = k.device_id AND b.boot_id = k.boot_id
    ORDER BY b.company_id, b.device_id, b.boot_id
    FOR UPDATE OF b
)sql"};

constexpr pg::Query kInsertBoots{"ingest.insert_boots", R"sql(
    INSERT INTO ingest.boot (company_id, device_id, boot_id, cumulative, taken, lost,
        refused, first_received_at, last_received_at, retimings,
        not_before, last_duration_us)
    SELECT k.company_id, k.device_id, k.boot_id, 0, '{}', '{}', '{}', $4, $4, 0,
           CASE WHEN d.last_event_at < $4 THEN d.last_event_at END, 0
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS k (company_id, device_id, boot_id)
    LEFT JOIN ingest.device_state d
      ON d.company_id = k.company_id AND d.device_id = k.device_id
    ORDER BY k.company_id, k.device_id, k.boot_id
    ON CONFLICT DO NOTHING
    RETURNING company_id, device_id, boot_id, not_before
)sql"};

constexpr pg::Query kUpdateBoots{"ingest.update_boots", R"sql(
    UPDATE ingest.boot b SET
        cumulative = n.cumulative, taken = n.taken, lost = n.lost,
        refused = n.refused,
        first_received_at = n.first_received_at, last_received_at = n.last_received_at,
        anchor_mono_us = n.anchor_mono_us, anchor_at = n.anchor_at,
        anchor_source = n.anchor_source, anchor_error_us = n.anchor_error_us,
        retimings = n.retimings, begun_at_most = n.begun_at_most, begun_at = n.begun_at,
        lowest_seq = n.lowest_seq, lowest_mono_us = n.lowest_mono_us,
        highest_seq = n.highest_seq, highest_mono_us = n.highest_mono_us,
        last_duration_us = n.last_duration_us
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::int8multirange[],
                $6::int8multirange[], $7::int8multirange[], $8::timestamptz[],
                $9::timestamptz[], $10::bigint[], $11::timestamptz[], $12::text[], $13::bigint[],
                $14::integer[], $15::timestamptz[], $16::timestamptz[], $17::bigint[],
                $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[])
        AS n (company_id, device_id, boot_id, cumulative, taken, lost, refused,
              first_received_at, last_received_at, anchor_mono_us, anchor_at, anchor_source,
              anchor_error_us, retimings, begun_at_most, begun_at, lowest_seq, lowest_mono_us,
              highest_seq, highest_mono_us, last_duration_us)
    WHERE b.company_id = n.company_id AND b.device_id = n.device_id AND b.boot_id = n.boot_id
)sql"};

// Not COPY, which Postgres refuses where rows have a wall.
constexpr pg::Query kInsertReports{"ingest.insert_reports", R"sql(
    INSERT INTO ingest.report (company_id, device_id, boot_id, seq, received_at, started,
        time_uncertain, timed_by, clock_state, started_mono_us, observations, frame)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::timestamptz[],
        $6::timestamptz[], $7::boolean[], $8::text[], $9::text[], $10::bigint[], $11::integer[],
        $12::bytea[])
)sql"};

constexpr pg::Query kInsertLosses{"ingest.insert_losses", R"sql(
    INSERT INTO ingest.loss (company_id, device_id, boot_id, first_seq, last_seq, reason,
                             declared_at)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[],
                         $6::text[], $7::timestamptz[])
    ON CONFLICT DO NOTHING
)sql"};

constexpr pg::Query kInsertRefused{"ingest.insert_refused", R"sql(
    INSERT INTO ingest.quarantine AS q (company_id, device_id, digest, reason, first_received_at,
        last_received_at, times, boot_id, seq, size, content)
    SELECT company_id, device_id, sha256(content), min(reason), min(received_at),
           max(received_at), count(*), (array_agg(boot_id))[1], (array_agg(seq))[1], max(size),
           (array_agg(content))[1]
    FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::uuid[], $6::bigint[],
                $7::bigint[], $8::bytea[])
        AS n (company_id, device_id, reason, received_at, boot_id, seq, size, content)
    GROUP BY company_id, device_id, sha256(content)
    ORDER BY company_id, device_id, sha256(content)
    ON CONFLICT (company_id, device_id, digest) DO UPDATE SET
        times = q.times + excluded.times,
        last_received_at = greatest(q.last_received_at, excluded.last_received_at)
)sql"};

constexpr pg::Query kRetime{"ingest.retime", R"sql(
    UPDATE ingest.report r SET
        started = n.started, timed_by = 'anchor',
        time_uncertain = coalesce(n.started < r.received_at - $9::bigint * interval '1 us', false),
        moved_from = array_append(r.moved_from, (extract(epoch FROM r.started) * 1000000)::bigint),
        transaction = pg_current_xact_id(), number = nextval('ingest.report_number')
    FROM (SELECT seq, received_at,
                 $4::timestamptz + (started_mono_us - $5::bigint) * interval '1 us' AS started
          FROM ingest.report
          WHERE company_id = $1 AND device_id = $2 AND boot_id = $3
            AND (timed_by <> 'clock' OR (clock_state = 'rtc' AND $6::boolean))
          ORDER BY seq) n
    WHERE r.company_id = $1 AND r.device_id = $2 AND r.boot_id = $3
      AND r.seq = n.seq AND r.received_at = n.received_at
      AND n.started >= $7 AND n.started <= r.received_at + $8::bigint * interval '1 us'
      AND (n.started <> r.started OR r.time_uncertain)
)sql"};

constexpr pg::Query kUpsertDevices{"ingest.upsert_devices", R"sql(
    INSERT INTO ingest.device_state AS d (company_id, device_id, last_heard_at, last_event_at,
        position_at, latitude_e7, longitude_e7, speed_cm_s, heading_cdeg, accuracy_cm, boot_id,
        version, health, health_at)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[],
        $5::timestamptz[], $6::integer[], $7::integer[], $8::bigint[], $9::bigint[], $10::bigint[],
        $11::uuid[], $12::text[], $13::jsonb[], $14::timestamptz[])
        AS n (company_id, device_id)
    ORDER BY n.company_id, n.device_id
    ON CONFLICT (company_id, device_id) DO UPDATE SET
        last_heard_at = greatest(d.last_heard_at, excluded.last_heard_at),
        last_event_at = greatest(d.last_event_at, excluded.last_event_at),
        (position_at, latitude_e7, longitude_e7, speed_cm_s, heading_cdeg, accuracy_cm) = (
            SELECT p.* FROM (VALUES
                (d.position_at, d.latitude_e7, d.longitude_e7, d.speed_cm_s, d.heading_cdeg,
                 d.accuracy_cm),
                (excluded.position_at, excluded.latitude_e7, excluded.longitude_e7,
                 excluded.speed_cm_s, excluded.heading_cdeg, excluded.accuracy_cm)) AS p (at)
            ORDER BY p.at DESC NULLS LAST LIMIT 1),
        boot_id = coalesce(excluded.boot_id, d.boot_id),
        (version, health, health_at) = (
            SELECT p.* FROM (VALUES
                (d.version, d.health, d.health_at),
                (excluded.version, excluded.health, excluded.health_at)) AS p (v, h, at)
            ORDER BY p.at DESC NULLS LAST LIMIT 1)
)sql"};

constexpr pg::Query kSelectBoot{"ingest.select_boot", R"sql(
    SELECT company_id, device_id, boot_id, taken, lost, refused, first_received_at, last_received_at, anchor_mono_us, anchor_at, anchor_source,
           anchor_error_us, retimings, begun_at_most, not_before, begun_at, lowest_seq,
           lowest_mono_us, highest_seq, highest_mono_us, last_duration_us
    FROM ingest.boot WHERE company_id = $1 AND device_id = $2 AND boot_id = $3
)sql"};

constexpr pg::Query kSelectBoots{"ingest.select_boots", R"sql(
    SELECT b.company_id, b.device_id, b.boot_id, b.taken, b.lost, b.refused, b.first_received_at, b.last_received_at, b.anchor_mono_us,
           b.anchor_at, b.anchor_source, b.anchor_error_us, b.retimings, b.begun_at_most,
           b.not_before, b.begun_at, b.lowest_seq, b.lowest_mono_us, b.highest_seq,
           b.highest_mono_us, b.last_duration_us, d.last_heard_at
    FROM ingest.boot b
    JOIN ingest.device_state d ON d.company_id = b.company_id AND d.device_id = b.device_id
    WHERE b.device_id = ANY ($1::uuid[])
      AND b.company_id IN (SELECT company_id FROM ingest.device WHERE device_id = ANY ($1::uuid[]))
    ORDER BY b.device_id, b.first_received_at, b.boot_id
)sql"};

constexpr pg::Query kOpenPartition{"ingest.open_partition", "SELECT ingest.open_partition($1)"};

/// One array a column, filled row by row.
struct KeyColumns {
    std::vector<CompanyId> companies;
    std::vector<DeviceId> devices;
    std::vector<BootName> boots;

    void add(const BootKey& key) {
        companies.push_back(key.company);
        devices.push_back(key.device);
        boots.push_back(BootName::from_bytes(key.boot));
    }
};

/// What `read` makes of it, where there is one.
template <class T, class Read>
auto part(const std::optional<T>& whole, Read read) {
    using Part = std::decay_t<std::invoke_result_t<Read, const T&>>;
    return whole ? std::optional<Part>(std::invoke(read, *whole)) : std::nullopt;
}

struct BootColumns {
    std::vector<std::uint64_t> cumulative;
    std::vector<std::string> taken, lost, refused;
    std::vector<Instant> first_received, last_received;
    std::vector<std::optional<std::uint64_t>> anchor_mono, lowest, lowest_mono, highest,
        highest_mono;
    std::vector<std::optional<Instant>> anchor_at, begun_at_most, begun_at;
    std::vector<std::optional<wire::ClockState>> anchor_source;
    std::vector<std::optional<std::uint32_t>> anchor_error;
    std::vector<int> retimings;
    std::vector<std::int64_t> durations;

    void add(const BootState& boot) {
        const auto& anchor = boot.clock.anchor;
        cumulative.push_back(boot.taken.united(boot.lost).cumulative());
        taken.push_back(boot.taken.text());
        lost.push_back(boot.lost.text());
        refused.push_back(boot.refused.text());
        first_received.push_back(boot.first_received_at);
        last_received.push_back(boot.last_received_at);
        anchor_mono.push_back(part(anchor, &wire::ClockAnchor::mono_us));
        anchor_at.push_back(part(anchor, &wire::ClockAnchor::wall));
        anchor_source.push_back(part(anchor, &wire::ClockAnchor::source));
        anchor_error.push_back(part(anchor, &wire::ClockAnchor::uncertainty_us));
        retimings.push_back(boot.clock.retimings);
        begun_at_most.push_back(boot.clock.begun_at_most);
        begun_at.push_back(boot.begun_at);
        lowest.push_back(part(boot.lowest, &Milestone::seq));
        lowest_mono.push_back(part(boot.lowest, &Milestone::mono_us));
        highest.push_back(part(boot.highest, &Milestone::seq));
        highest_mono.push_back(part(boot.highest, &Milestone::mono_us));
        durations.push_back(boot.last_duration.count());
    }
};

BootKey key_from(const pg::Row& row) {
    const auto boot = row.get<BootName>("boot_id");
    return {row.get<CompanyId>("company_id"), row.get<DeviceId>("device_id"), boot.bytes()};
}

SequenceSet set_from(const pg::Row& row, const char* column) {
    auto set = SequenceSet::parse(row.get<std::string>(column));
    VERIFY(set);
    return *std::move(set);
}

std::optional<Milestone> milestone_from(const pg::Row& row, const char* seq, const char* mono_us) {
    const auto number = row.optional<std::uint64_t>(seq);
    if (!number) return std::nullopt;
    return Milestone{*number, row.get<std::uint64_t>(mono_us)};
}

BootState state_from(const pg::Row& row) {
    BootState state;
    state.taken = set_from(row, "taken");
    state.lost = set_from(row, "lost");
    state.refused = set_from(row, "refused");
    state.first_received_at = row.get<Instant>("first_received_at");
    state.last_received_at = row.get<Instant>("last_received_at");
    if (const auto mono_us = row.optional<std::uint64_t>("anchor_mono_us")) {
        state.clock.anchor = {
            *mono_us, row.get<Instant>("anchor_at"), row.get<wire::ClockState>("anchor_source"),
            row.get<std::uint32_t>("anchor_error_us")};
    }
    state.clock.retimings = row.get<int>("retimings");
    state.clock.begun_at_most = row.optional<Instant>("begun_at_most");
    state.clock.not_before = row.optional<Instant>("not_before");
    state.begun_at = row.optional<Instant>("begun_at");
    state.lowest = milestone_from(row, "lowest_seq", "lowest_mono_us");
    state.highest = milestone_from(row, "highest_seq", "highest_mono_us");
    state.last_duration = std::chrono::microseconds(row.get<std::int64_t>("last_duration_us"));
    return state;
}

std::int64_t micros(std::chrono::microseconds duration) { return duration.count(); }

/// What a sensor says of itself, without what Postgres or a reader could stumble over.
std::string plain(const std::string& text) {
    std::string out = text;
    std::ranges::replace_if(out, [](char one) { return one < ' ' || one > '~'; }, '?');
    return out;
}

std::string json_of(const wire::Health& health) {
    boost::json::object dropped;
    for (const auto& drop : health.frames_dropped) dropped[plain(drop.reason)] = drop.count;
    return boost::json::serialize(boost::json::object{
        {"uptime_s", health.uptime_s},
        {"spool_bytes", health.spool_bytes},
        {"spool_reports", health.spool_reports},
        {"frames_read", health.frames_read},
        {"frames_dropped", std::move(dropped)},
        {"cpu_permille", health.cpu_permille},
        {"memory_bytes", health.memory_bytes},
        {"disk_free_bytes", health.disk_free_bytes}});
}

struct DeviceColumns {
    std::vector<CompanyId> companies;
    std::vector<DeviceId> ids;
    std::vector<Instant> heard;
    std::vector<std::optional<Instant>> event, position_at, health_at;
    std::vector<std::optional<std::int32_t>> latitude, longitude;
    std::vector<std::optional<std::uint32_t>> speed, heading, accuracy;
    std::vector<std::optional<BootName>> boots;
    std::vector<std::optional<std::string>> versions, healths;

    void add(DeviceId device, const DeviceNews& news) {
        const auto position = part(news.whereabouts, &Whereabouts::position);
        companies.push_back(news.company);
        ids.push_back(device);
        heard.push_back(news.heard_at);
        event.push_back(news.event_at);
        position_at.push_back(part(news.whereabouts, &Whereabouts::at));
        latitude.push_back(part(position, &wire::Position::latitude_e7));
        longitude.push_back(part(position, &wire::Position::longitude_e7));
        speed.push_back(position ? position->speed_cm_s : std::nullopt);
        heading.push_back(position ? position->heading_cdeg : std::nullopt);
        accuracy.push_back(position ? position->accuracy_cm : std::nullopt);
        boots.push_back(part(news.boot, BootName::from_bytes));
        versions.push_back(
            part(news.health, [](const auto& health) { return plain(health.version); }));
        healths.push_back(part(news.health, json_of));
        health_at.push_back(news.health ? std::optional(news.health_at) : std::nullopt);
    }
};

}  // namespace

Boots lock_boots(pg::SystemTransaction& tx, const std::set<BootKey>& keys, Instant now) {
    KeyColumns all;
    for (const auto& key : keys) all.add(key);
    Boots boots;
    const auto keep = [&](const pg::Row& row) {
        return boots.emplace(key_from(row), state_from(row)).second;
    };
    tx.run(kLockBoots, all.companies, all.devices, all.boots).all(keep);

    KeyColumns missing;
    for (const auto& key : keys) {
        if (!boots.contains(key)) missing.add(key);
    }
    if (missing.boots.empty()) return boots;
    const auto add = [&](const pg::Row& row) {
        BootState fresh;
        fresh.clock.not_before = row.optional<Instant>("not_before");
        return boots.emplace(key_from(row), fresh).second;
    };
    tx.run(kInsertBoots, missing.companies, missing.devices, missing.boots, now).all(add);
    if (boots.size() != keys.size()) {
        throw Unavailable("another has begun to write of the same boot");
    }
    return boots;
}

void update_boots(pg::SystemTransaction& tx, const Boots& boots, const std::set<BootKey>& changed) {
    if (changed.empty()) return;
    KeyColumns keys;
    BootColumns of;
    for (const auto& key : changed) {
        keys.add(key);
        of.add(boots.at(key));
    }
    tx.run(
        kUpdateBoots, keys.companies, keys.devices, keys.boots, of.cumulative, of.taken, of.lost,
        of.refused, of.first_received, of.last_received, of.anchor_mono, of.anchor_at,
        of.anchor_source, of.anchor_error, of.retimings, of.begun_at_most, of.begun_at, of.lowest,
        of.lowest_mono, of.highest, of.highest_mono, of.durations);
}

void insert_reports(pg::SystemTransaction& tx, const std::vector<AcceptedRow>& rows) {
    if (rows.empty()) return;
    KeyColumns keys;
    std::vector<std::uint64_t> numbers, mono;
    std::vector<Instant> received, started;
    std::vector<bool> uncertain;
    std::vector<TimedBy> timed_by;
    std::vector<wire::ClockState> clocks;
    std::vector<std::int32_t> observations;
    std::vector<Bytes> frames;
    for (const auto& [parcel, report, timing] : rows) {
        keys.add({parcel->company, parcel->sender, report->boot});
        numbers.push_back(report->seq);
        received.push_back(parcel->received_at);
        started.push_back(timing.started);
        uncertain.push_back(timing.uncertain);
        timed_by.push_back(timing.by);
        clocks.push_back(report->own.state);
        mono.push_back(report->own.mono_us);
        observations.push_back(report->observations);
        frames.push_back(report->frame);
    }
    const auto inserted = tx.run(
        kInsertReports, keys.companies, keys.devices, keys.boots, numbers, received, started,
        uncertain, timed_by, clocks, mono, observations, frames);
    VERIFY(inserted.touched() == std::ssize(rows));
}

void insert_losses(pg::SystemTransaction& tx, const std::vector<LossRow>& rows) {
    if (rows.empty()) return;
    KeyColumns keys;
    std::vector<std::uint64_t> first, last;
    std::vector<wire::LossReason> reasons;
    std::vector<Instant> declared;
    for (const auto& row : rows) {
        keys.add(row.boot);
        first.push_back(row.range.first);
        last.push_back(row.range.last);
        reasons.push_back(row.reason);
        declared.push_back(row.declared_at);
    }
    tx.run(kInsertLosses, keys.companies, keys.devices, keys.boots, first, last, reasons, declared);
}

void insert_refused(
    pg::SystemTransaction& tx, const std::vector<RefusedRow>& rows, std::size_t content_bytes_max) {
    if (rows.empty()) return;
    std::vector<CompanyId> companies;
    std::vector<DeviceId> devices;
    std::vector<wire::RejectReason> reasons;
    std::vector<Instant> received;
    std::vector<std::optional<BootName>> boots;
    std::vector<std::optional<std::uint64_t>> numbers;
    std::vector<std::size_t> sizes;
    std::vector<Bytes> contents;
    for (const auto& [parcel, refusal] : rows) {
        companies.push_back(parcel->company);
        devices.push_back(parcel->sender);
        reasons.push_back(refusal->reason);
        received.push_back(parcel->received_at);
        boots.push_back(part(refusal->boot, BootName::from_bytes));
        numbers.push_back(refusal->seq);
        sizes.push_back(refusal->bytes.size());
        contents.push_back(
            refusal->bytes.first(std::min(content_bytes_max, refusal->bytes.size())));
    }
    tx.run(kInsertRefused, companies, devices, reasons, received, boots, numbers, sizes, contents);
}

std::int64_t retime_reports(
    pg::SystemTransaction& tx, const BootKey& key, const BootClock& clock,
    const TimePolicy& policy) {
    VERIFY(clock.anchor);
    const auto age_max = policy.age_max ? std::optional(micros(*policy.age_max)) : std::nullopt;
    return tx
        .run(
            kRetime, key.company, key.device, BootName::from_bytes(key.boot), clock.anchor->wall,
            clock.anchor->mono_us, is_strong(clock.anchor->source), kTimeEarliest,
            micros(policy.future_max), age_max)
        .touched();
}

void upsert_devices(pg::SystemTransaction& tx, const std::map<DeviceId, DeviceNews>& devices) {
    if (devices.empty()) return;
    DeviceColumns of;
    for (const auto& [device, news] : devices) of.add(device, news);
    tx.run(
        kUpsertDevices, of.companies, of.ids, of.heard, of.event, of.position_at, of.latitude,
        of.longitude, of.speed, of.heading, of.accuracy, of.boots, of.versions, of.healths,
        of.health_at);
}

std::optional<BootState> select_boot(pg::SystemTransaction& tx, const BootKey& key) {
    return tx.run(kSelectBoot, key.company, key.device, BootName::from_bytes(key.boot))
        .first(state_from);
}

std::vector<DeviceBoot> select_boots(pg::AnyTransaction& tx, std::span<const DeviceId> devices) {
    const auto read = [](const pg::Row& row) {
        return DeviceBoot{key_from(row), state_from(row), row.get<Instant>("last_heard_at")};
    };
    return tx.run(kSelectBoots, std::vector(devices.begin(), devices.end())).all(read);
}

void open_partition(pg::SystemTransaction& tx, Instant moment) { tx.run(kOpenPartition, moment); }

}  // namespace mobilytics::ingest
