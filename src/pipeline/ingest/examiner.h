#pragma once
// Opens what a sensor sent and checks it, before any transaction: whoever sends garbage costs us
// a thread's moment and no lock.

#include <set>

#include "pipeline/ingest/parcel.h"

namespace mobilytics::ingest {

/// Of so many boots an envelope may declare losses. A sensor speaks of one or two.
inline constexpr std::size_t kLossBootsMax = 64;

/// One a thread: it reuses its memory.
class Examiner {
  public:
    /// The reports and the refusals of `envelope`, which must outlive what is given. Every byte of
    /// it is in one of them. Reports that name another device than `sender` are refused,
    /// foreign_device.
    Examined examine(DeviceId sender, Bytes envelope);

  private:
    void examine_frame(DeviceId sender, const wire::FrameView& frame, Examined& out);

    std::vector<wire::Loss> believable_losses(Examined& out);

    wire::Report report_;
    std::set<wire::BootId> loss_boots_;  // Of this envelope.
};

}  // namespace mobilytics::ingest
