#include "apps/sensor/status.h"

#include <cstdio>

#include "apps/sensor/commands.h"
#include "pipeline/sensor/enrol/identity.h"
#include "pipeline/sensor/spool/disk_io.h"
#include "pipeline/sensor/spool/segment.h"
#include "pipeline/sensor/spool/seq_set.h"
#include "pipeline/sensor/spool/spool_state.h"
#include "platform/crypto/files.h"
#include "platform/crypto/pki.h"

namespace mobilytics::sensor {

namespace fs = std::filesystem;

namespace {

struct Waiting {
    std::uint64_t reports = 0;
    std::uint64_t bytes = 0;
    std::optional<Instant> oldest;
};

/// Looks without touching anything: a sensor may be running on it.
Waiting count_waiting(FileIo& io, const SpoolState& state) {
    Waiting out;
    const auto names = io.list();
    if (!names) return out;
    for (const auto& name : *names) {
        const auto number = segment_number(name);
        if (!number || *number <= state.removed_through) continue;
        const auto content = read_file(io, name);
        if (!content) continue;
        out.bytes += content->size();
        for (const auto& [offset, record] : scan(*content, AtFault::stop).records) {
            const auto settled = state.settled.find(record.key.boot);
            if (settled != state.settled.end() && record.key.seq <= settled->second) continue;
            ++out.reports;
            if (!out.oldest || record.at.wall < *out.oldest) out.oldest = record.at.wall;
        }
    }
    return out;
}

boost::json::object describe(const fs::path& folder, const Identity& identity) {
    DiskIo io(folder / "spool");
    const auto state = read_state(io).value_or(SpoolState());
    const auto waiting = count_waiting(io, state);
    boost::json::object out{
        {"device", identity.device.str()},
        {"company", identity.company.str()},
        {"mqtt_url", identity.mqtt_url},
        {"https_url", identity.https_url},
        {"time_zone", identity.time_zone},
        {"salt_mode", word(identity.salt_mode)},
        {"starts", state.starts},
        {"boot", hex_of(state.boot)},
        {"last_good_time", to_iso8601(state.last_good)},
        {"reports_waiting", waiting.reports},
        {"spool_bytes", waiting.bytes},
        {"losses_to_tell", state.losses.size()},
        {"disk_free_bytes", io.free_bytes().value_or(0)},
    };
    if (waiting.oldest) out["oldest_waiting"] = to_iso8601(*waiting.oldest);
    if (const auto pem = crypto::read_file(credential_files(folder).certificate)) {
        if (const auto certificate = crypto::read_certificate(*pem)) {
            out["certificate_until"] = to_iso8601(certificate->not_after);
        }
    }
    return out;
}

}  // namespace

int print_status(const fs::path& state_folder, bool as_json) {
    const auto identity = load_identity(state_folder);
    if (!identity || !*identity) {
        const auto* why = identity ? "not_enrolled" : "bad_identity";
        if (as_json) {
            std::printf("{\"enrolled\":false,\"why\":\"%s\"}\n", why);
        } else {
            std::printf("%s: %s\n", why, state_folder.c_str());
        }
        return kNotEnrolled;
    }
    auto described = describe(state_folder, **identity);
    if (as_json) {
        described["enrolled"] = true;
        std::printf("%s\n", boost::json::serialize(described).c_str());
        return kDone;
    }
    for (const auto& [name, value] : described) {
        const auto text =
            value.is_string() ? std::string(value.get_string()) : boost::json::serialize(value);
        std::printf("%-18s %s\n", std::string(name).c_str(), text.c_str());
    }
    return kDone;
}

}  // namespace mobilytics::sensor
