#pragma once
// Devices behind changing addresses, as they are shown: pure functions.

#include <optional>

#include "pipeline/report/answers.h"
#include "pipeline/store/store.h"

namespace mobilytics::report {

/// Whether a question may be answered by them: they are of fixed assets, heard by Wi-Fi.
bool counts_devices(const store::Filter& filter);

/// At the widest gate, for without a calibration no other is known to be better. The interval of
/// those present is that of the devices that were there, in proportion: what is unsure is how many
/// devices the tracks are, not how long they stayed. None where nothing was counted.
std::optional<CountedFigures> counted_figures(const store::Counted& counted);

}  // namespace mobilytics::report
