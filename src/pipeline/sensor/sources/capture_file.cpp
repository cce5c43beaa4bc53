#include "pipeline/sensor/sources/capture_file.h"

namespace mobilytics::sensor {

Step CaptureFile::fail_with(const char* code, const std::string& problem) {
    failure_ = {ErrorKind::invalid, code, stream_->name() + ": " + problem};
    over_ = Step::failed;
    return Step::failed;
}

std::optional<Step> CaptureFile::fill(std::chrono::milliseconds wait_max) {
    // A record, its header and what was read beyond it.
    constexpr std::size_t kOctetsMax = kRecordBytesMax + 4096;
    switch (stream_->fill(kOctetsMax, wait_max)) {
        case OctetStream::Fill::more: return std::nullopt;
        case OctetStream::Fill::idle: return Step::idle;
        case OctetStream::Fill::failed: return fail_with("unreadable", "it cannot be read");
        case OctetStream::Fill::end: break;
    }
    if (begun_ && stream_->octets().empty()) {
        over_ = Step::end;
        return Step::end;
    }
    if (!begun_) return fail_with("not_a_capture", "it is too short for a capture");
    return fail_with("cut_off", "it ends within a record");
}

Step CaptureFile::next(RawFrame& frame, std::chrono::milliseconds wait_max) {
    if (over_) return *over_;
    stream_->use(std::exchange(used_, 0));
    while (true) {
        const CaptureStep step = parser_.next(stream_->octets(), frame);
        switch (step.kind) {
            case CaptureStep::Kind::frame: used_ = step.used; return Step::ready;
            case CaptureStep::Kind::skipped:
                begun_ = true;
                stream_->use(step.used);
                continue;
            case CaptureStep::Kind::failed:
                return fail_with(begun_ ? "bad_capture" : "not_a_capture", step.problem);
            case CaptureStep::Kind::more: break;
        }
        if (const auto instead = fill(wait_max)) return *instead;
        wait_max = std::chrono::milliseconds(0);  // It has waited; the rest of a record is near.
    }
}

}  // namespace mobilytics::sensor
