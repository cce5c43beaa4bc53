#include "pipeline/wire/protobuf_reader.h"
#include "pipeline/wire/wire.h"

namespace mobilytics::wire {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kFlagCompressed = 1;

}  // namespace

std::optional<FrameView> EnvelopeReader::next() {
    const auto refuse = [this](RejectReason reason) {
        rejected_ = reason;
        rest_ = {};
        return std::nullopt;
    };
    while (!rest_.empty()) {
        if (rest_.size() > kEnvelopeBytesMax) return refuse(RejectReason::too_large);
        if (rest_.size() < kFrameHeaderBytes) return refuse(RejectReason::truncated);
        const std::uint8_t* header = rest_.data();
        if (header[0] != 'M' || header[1] != 'Y') return refuse(RejectReason::bad_magic);
        const bool known = header[2] == kVersion && (header[3] & ~kFlagCompressed) == 0;
        if (!known) return refuse(RejectReason::unknown_version);
        const auto body_bytes = protobuf::load<std::uint32_t>(header + 4);
        const auto plain_bytes = protobuf::load<std::uint32_t>(header + 8);
        const auto checksum = protobuf::load<std::uint32_t>(header + 12);
        if (body_bytes > kFrameBodyBytesMax || plain_bytes > kFramePlainBytesMax ||
            ++frames_ > kFramesPerEnvelopeMax) {
            return refuse(RejectReason::too_large);
        }
        if (rest_.size() - kFrameHeaderBytes < body_bytes) return refuse(RejectReason::truncated);

        FrameView frame;
        frame.bytes = rest_.first(kFrameHeaderBytes + body_bytes);
        frame.body = frame.bytes.subspan(kFrameHeaderBytes);
        frame.plain_bytes = plain_bytes;
        frame.compressed = (header[3] & kFlagCompressed) != 0;
        rest_ = rest_.subspan(frame.bytes.size());
        if (crc32c(frame.body) == checksum) return frame;
        ++bad_checksums_;
    }
    return std::nullopt;
}

}  // namespace mobilytics::wire
