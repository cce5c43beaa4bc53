#include "pipeline/ingest/examiner.h"

namespace mobilytics::ingest {

namespace {

using wire::RejectReason;

/// Of a report that wire found good: what ingest cannot count with.
std::optional<RejectReason> refused_here(const wire::Report& report) {
    if (report.key.seq > kSequenceMax) return RejectReason::bad_seq;
    if (report.started_mono_us > kMonotonicMaxUs) return RejectReason::bad_time;
    return std::nullopt;
}

Refusal refusal_of(RejectReason reason, const wire::ReportKey& key, Bytes bytes) {
    Refusal refusal{reason, std::nullopt, std::nullopt, bytes};
    const bool named = key.boot != wire::BootId{} && key.seq >= 1 && key.seq <= kSequenceMax;
    if (named) {
        refusal.boot = key.boot;
        refusal.seq = key.seq;
    }
    return refusal;
}

}  // namespace

std::size_t weight(const Examined& examined) {
    std::size_t bytes = examined.refusals.size() * sizeof(Refusal);
    for (const auto& report : examined.reports) {
        bytes += sizeof(CheckedReport) + report.anchors.size() * sizeof(wire::ClockAnchor) +
                 report.losses.size() * sizeof(wire::Loss);
        if (!report.health) continue;
        bytes +=
            report.health->frames_dropped.size() * (sizeof(wire::DropCount) + wire::kWordBytesMax);
    }
    return bytes;
}

Examined Examiner::examine(DeviceId sender, Bytes envelope) {
    Examined out;
    loss_boots_.clear();
    if (envelope.size() > wire::kEnvelopeBytesMax) {
        out.refusals.push_back({RejectReason::too_large, {}, {}, envelope});
        return out;
    }
    wire::EnvelopeReader reader(envelope);
    std::size_t read = 0;  // Bytes of the envelope that have been accounted for.
    while (const auto frame = reader.next()) {
        const auto begin = static_cast<std::size_t>(frame->bytes.data() - envelope.data());
        if (begin > read) {  // The reader has passed over what had a wrong checksum.
            const auto skipped = envelope.subspan(read, begin - read);
            out.refusals.push_back({RejectReason::bad_checksum, {}, {}, skipped});
        }
        read = begin + frame->bytes.size();
        examine_frame(sender, *frame, out);
    }
    const auto rest = envelope.subspan(read);
    if (const auto why = reader.rejected()) {
        out.refusals.push_back({*why, {}, {}, rest});
    } else if (!rest.empty()) {
        out.refusals.push_back({RejectReason::bad_checksum, {}, {}, rest});
    } else if (envelope.empty()) {
        out.refusals.push_back({RejectReason::truncated, {}, {}, rest});
    }
    return out;
}

std::vector<wire::Loss> Examiner::believable_losses(Examined& out) {
    std::vector<wire::Loss> losses;
    for (const auto& loss : report_.losses) {
        if (loss_boots_.size() >= kLossBootsMax && !loss_boots_.contains(loss.boot)) {
            ++out.losses_ignored;
            continue;
        }
        loss_boots_.insert(loss.boot);
        losses.push_back(loss);
    }
    return losses;
}

void Examiner::examine_frame(DeviceId sender, const wire::FrameView& frame, Examined& out) {
    report_.key = {};
    auto why = wire::decode(frame, report_);
    const bool is_foreign = report_.key.device != DeviceId() && report_.key.device != sender;
    if (is_foreign) why = RejectReason::foreign_device;
    if (!why) why = refused_here(report_);
    if (why) {
        out.refusals.push_back(refusal_of(*why, report_.key, frame.bytes));
        return;
    }
    CheckedReport checked;
    checked.boot = report_.key.boot;
    checked.seq = report_.key.seq;
    checked.own = {report_.started, report_.clock_state, report_.started_mono_us, report_.duration};
    checked.salt_epoch = report_.observations.salt_epoch;
    checked.observations = static_cast<std::int32_t>(report_.observations.size());
    if (!report_.positions.empty()) checked.last_position = report_.positions.back();
    checked.health = std::move(report_.health);
    report_.health.reset();
    checked.anchors = report_.anchors;
    checked.losses = believable_losses(out);
    checked.frame = frame.bytes;
    out.reports.push_back(std::move(checked));
}

}  // namespace mobilytics::ingest
