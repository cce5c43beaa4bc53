#pragma once
// What one transaction makes of the parcels that wait: pure, so that order, repetition and faults
// are tested without a database. committer.cpp reads the boots, has them settled, and writes.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "pipeline/ingest/parcel.h"

namespace mobilytics::ingest {

using Boots = std::map<BootKey, BootState>;
using Parcels = std::span<const std::unique_ptr<Parcel>>;

/// A report to be kept.
struct AcceptedRow {
    const Parcel* parcel;
    const CheckedReport* report;
    Timing timing;
};

/// A refusal to be kept: one that was not settled before, or that has no name.
struct RefusedRow {
    const Parcel* parcel;
    const Refusal* refusal;
};

struct LossRow {
    BootKey boot;
    wire::SeqRange range;
    wire::LossReason reason = wire::LossReason::unspecified;
    Instant declared_at;
};

/// Where the device was, by a clock that can be trusted.
struct Whereabouts {
    Instant at;
    wire::Position position;
};

/// What a group of parcels tells of a device.
struct DeviceNews {
    CompanyId company;
    Instant heard_at;
    std::optional<Instant> event_at;  // The end of its latest window whose time is certain.
    std::optional<Whereabouts> whereabouts;
    std::optional<wire::Health> health;
    Instant health_at;  // Of its report, as far as is known.
    std::optional<wire::BootId> boot;
};

struct Settlement {
    std::vector<AcceptedRow> accepted;
    std::vector<RefusedRow> refused;
    std::vector<LossRow> losses;
    std::set<BootKey> retimed;  // Got a better anchor: their earlier reports move.
    std::map<DeviceId, DeviceNews> devices;
    std::map<BootKey, wire::Ack> acks;  // Of every boot that was named; duplicates are acked again.
    std::set<BootKey> changed;          // Their states are to be written.
    std::int64_t duplicates = 0;
    std::int64_t too_scattered = 0;
    std::int64_t losses_ignored = 0;
};

/// The boots that settling these parcels may change.
std::set<BootKey> boots_of(Parcels parcels);

/// `boots` has all of boots_of(), those never heard of in their first state; they are brought up to
/// date. Rows point into the parcels.
Settlement settle(Parcels parcels, Boots& boots, const TimePolicy& policy, Instant now);

}  // namespace mobilytics::ingest
