#include "apps/accuracy/captures.h"

#include <algorithm>
#include <array>

#include <zlib.h>

#include "apps/accuracy/files.h"
#include "pipeline/sensor/decode/capture.h"

namespace mobilytics::accuracy {

namespace {

using sensor::LinkType;
using Octets = std::span<const std::uint8_t>;

sensor::SaltPointer salt_named(const std::string& name) {
    sensor::Salt salt;
    const auto digest = crypto::sha256("accuracy " + name);
    salt.key = Secret<std::string>(std::string(digest.begin(), digest.end()));
    return std::make_shared<const sensor::Salt>(std::move(salt));
}

std::uint32_t little(Octets octets, std::size_t at, std::size_t size) {
    std::uint32_t out = 0;
    for (std::size_t i = size; i > 0; --i) out = out << 8 | octets[at + i - 1];
    return out;
}

/// What other radio headers than ours say.
struct Unwrapped {
    Octets frame;
    std::optional<int> rssi_dbm;
    bool fcs = false;
};

/// CACE's per-packet information: its 802.11-Common field is number 2. Source: PPI 1.0.7.
std::optional<Unwrapped> from_ppi(Octets octets) {
    if (octets.size() < 8) return std::nullopt;
    const std::size_t length = little(octets, 2, 2);
    if (length < 8 || length > octets.size() || little(octets, 4, 4) != 105) return std::nullopt;
    Unwrapped out{octets.subspan(length), {}, false};
    for (std::size_t at = 8; at + 4 <= length;) {
        const std::size_t size = little(octets, at + 2, 2);
        if (little(octets, at, 2) == 2 && size >= 20 && at + 24 <= length) {
            out.fcs = (octets[at + 4 + 8] & 1) != 0;
            out.rssi_dbm = static_cast<std::int8_t>(octets[at + 4 + 18]);
        }
        at += 4 + size;
    }
    return out;
}

/// Prism's header, 144 octets, and AVS's, 64, which stand under the same link type as well.
std::optional<Unwrapped> from_prism(Octets octets) {
    constexpr std::size_t kPrism = 144;
    constexpr std::size_t kSignal = 92;
    if (octets.size() >= kPrism && little(octets, 0, 4) == 0x44) {
        const auto signal = static_cast<std::int32_t>(little(octets, kSignal, 4));
        return Unwrapped{octets.subspan(kPrism), signal, false};
    }
    constexpr std::size_t kAvs = 64;
    if (octets.size() < kAvs || octets[0] != 0x80 || octets[1] != 0x21) return std::nullopt;
    const bool dbm = octets[43] == 3;  // How the strength is given, big endian.
    const auto signal = static_cast<std::int8_t>(octets[47]);
    return Unwrapped{octets.subspan(kAvs), dbm ? std::optional<int>(signal) : std::nullopt, false};
}

constexpr LinkType kPrismLink{119};
constexpr LinkType kAvsLink{163};
constexpr LinkType kPpiLink{192};

class Reading {
  public:
    Reading(const Listener& listener, Capture& out) : listener_(listener), out_(out) {}

    void take(sensor::RawFrame frame) {
        const std::int64_t at_ms = frame.at.time_since_epoch().count() / 1'000;
        if (out_.first_ms == 0) out_.first_ms = at_ms;
        std::optional<int> rssi_dbm;
        if (frame.link == kPrismLink || frame.link == kAvsLink || frame.link == kPpiLink) {
            const auto inner =
                frame.link == kPpiLink ? from_ppi(frame.bytes) : from_prism(frame.bytes);
            if (inner) {
                const auto header = frame.bytes.size() - inner->frame.size();
                frame.original_bytes -=
                    static_cast<std::uint32_t>(std::min<std::size_t>(header, frame.original_bytes));
                frame.link = LinkType::ieee80211;
                frame.bytes = inner->frame;
                frame.fcs_bytes = inner->fcs ? 4 : frame.fcs_bytes;
                rssi_dbm = inner->rssi_dbm;
            }
        }
        if (frame.fcs_bytes == 0) {
            // Nobody says whether a check sum follows. One that is right is one.
            sensor::RawFrame checked = frame;
            checked.fcs_bytes = 4;
            if (keep(tried_.decode(checked), rssi_dbm)) return;
        }
        keep(decoder_.decode(frame), rssi_dbm);
    }

    /// Of frames that gave nothing in any way, and those that did.
    sensor::FrameCounts counts() const {
        sensor::FrameCounts out = decoder_.counts();
        out.frames += tried_.counts().sightings;
        out.sightings += tried_.counts().sightings;
        return out;
    }

  private:
    bool keep(std::span<const sensor::Sighting> sightings, std::optional<int> rssi_dbm) {
        for (const sensor::Sighting& sighting : sightings) {
            if (sighting.kind != wire::RadioKind::wifi) continue;
            out_.heard.push_back(listener_.heard(sighting, rssi_dbm));
        }
        return !sightings.empty();
    }

    const Listener& listener_;
    Capture& out_;
    sensor::FrameDecoder decoder_{{.rssi_required = false}};
    sensor::FrameDecoder tried_{{.rssi_required = false}};
};

}  // namespace

Listener::Listener(const std::string& salt_name) : maker_(salt_named(salt_name)) {}

std::uint64_t Listener::pseudonym(const sensor::Address& address) const {
    return maker_.pseudonym(wire::RadioKind::wifi, address);
}

Heard Listener::heard(const sensor::Sighting& sighting, std::optional<int> rssi_dbm) const {
    Heard out;
    out.at_ms = sighting.at.time_since_epoch().count() / 1'000;
    out.pseudonym = pseudonym(sighting.address);
    out.coarse = sensor::Pseudonymiser::coarse(sighting.coarse);
    out.fine = maker_.fine(sighting.fine);
    out.sequence = static_cast<std::int16_t>(sighting.sequence);
    const int strength = sighting.rssi_dbm ? *sighting.rssi_dbm : rssi_dbm.value_or(0);
    if (strength < 0 && strength >= -128) out.rssi_dbm = static_cast<std::int8_t>(strength);
    out.global = sighting.address_class == wire::AddressClass::global;
    return out;
}

bool is_capture(const std::filesystem::path& file) {
    std::array<std::uint8_t, 4> first{};
    const gzFile in = gzopen(file.c_str(), "rb");
    if (in == nullptr) return false;
    const bool whole = gzread(in, first.data(), first.size()) == static_cast<int>(first.size());
    gzclose(in);
    return whole &&
           (sensor::PcapParser::recognises(first) || sensor::PcapngParser::recognises(first));
}

Result<Capture> read_capture(const std::filesystem::path& file, const Listener& listener) {
    TRY(const auto octets, contents(file));
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(octets.data());
    return capture_of({bytes, octets.size()}, listener, file.string());
}

Result<Capture> capture_of(
    std::span<const std::uint8_t> octets, const Listener& listener, const std::string& name) {
    Capture out;
    sensor::CaptureParser parser;
    sensor::RawFrame frame;
    Reading reading(listener, out);
    bool begun = false;
    for (std::size_t at = 0; at < octets.size() && out.problem.empty();) {
        const auto step = parser.next(octets.subspan(at), frame);
        switch (step.kind) {
            case sensor::CaptureStep::Kind::frame: reading.take(frame); break;
            case sensor::CaptureStep::Kind::skipped: break;
            case sensor::CaptureStep::Kind::more:
                out.problem = name + ": it ends within a record";
                break;
            case sensor::CaptureStep::Kind::failed:
                if (!begun) {
                    return fail(ErrorKind::invalid, "not_a_capture", name + ": " + step.problem);
                }
                out.problem = name + ": " + step.problem;
        }
        begun = true;
        at += step.used;
    }
    out.counts = reading.counts();
    std::ranges::sort(out.heard);
    return out;
}

std::string reasons(const sensor::FrameCounts& counts) {
    std::string out = std::to_string(counts.frames) + " frames:";
    for (std::size_t reason = 0; reason < sensor::kFrameDrops; ++reason) {
        if (counts.dropped[reason] == 0) continue;
        out += " " + std::to_string(counts.dropped[reason]) + " " +
               std::string(word(static_cast<sensor::FrameDrop>(reason)));
    }
    return out;
}

}  // namespace mobilytics::accuracy
