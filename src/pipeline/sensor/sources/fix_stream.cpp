#include "pipeline/sensor/sources/fix_stream.h"

namespace mobilytics::sensor {

namespace {

/// Enough to tell what a text is.
constexpr std::size_t kHeadBytes = 1024;

/// A receiver on a serial line speaks now, and not before this was written.
constexpr Instant kReceiverFloor{
    std::chrono::sys_days{std::chrono::year{2024} / std::chrono::January / 1}};

std::string_view text_of(std::span<const std::uint8_t> octets) {
    return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

}  // namespace

const FixCounts& FixStream::counts() const {
    static const FixCounts kNone;
    return parser_ ? parser_->counts() : kNone;
}

Step FixStream::fail_with(const Error& error) {
    failure_ = {error.kind, error.code, stream_->name() + ": " + error.message};
    over_ = Step::failed;
    return Step::failed;
}

bool FixStream::choose_parser(bool last) {
    const std::string_view head = text_of(stream_->octets());
    // A live text may have said all that it says for a while.
    const bool enough = last || head.size() >= kHeadBytes ||
                        (stream_->live() && head.find('\n') != std::string_view::npos);
    if (stream_->terminal()) {
        parser_ = nmea_parser({kReceiverFloor});
    } else if (enough) {
        parser_ = fix_parser_for(head);
    }
    return parser_ != nullptr;
}

std::optional<Step> FixStream::read_more(std::chrono::milliseconds wait_max) {
    const auto filled = stream_->fill(1 << 20, wait_max);
    if (filled == OctetStream::Fill::idle) return Step::idle;
    if (filled == OctetStream::Fill::failed) {
        return fail_with({ErrorKind::invalid, "unreadable", "it cannot be read"});
    }
    const bool last = filled == OctetStream::Fill::end;
    if (!parser_ && !choose_parser(last)) return std::nullopt;
    fixes_.clear();
    given_ = 0;
    const auto octets = stream_->octets();
    const auto read = parser_->read(text_of(octets), last, fixes_);
    stream_->use(octets.size());
    if (!read) return fail_with(read.error());
    if (last) over_ = Step::end;
    return last ? std::optional(Step::end) : std::nullopt;
}

Step FixStream::next(Fix& fix, std::chrono::milliseconds wait_max) {
    while (true) {
        if (given_ < fixes_.size()) {
            fix = fixes_[given_++];
            return Step::ready;
        }
        if (over_) return *over_;
        const auto instead = read_more(wait_max);
        if (instead && given_ == fixes_.size()) return *instead;
        wait_max = std::chrono::milliseconds(0);
    }
}

}  // namespace mobilytics::sensor
