#pragma once
// A truck's satellite receiver, with the errors that one has.

#include <string>

#include "simulation/city.h"
#include "simulation/pace.h"

namespace mobilytics::simulation {

class Receiver final : public sensor::FixSource {
  public:
    Receiver(const City& city, std::uint32_t asset, Instant from, Instant to, const Clock* clock);

    sensor::Step next(sensor::Fix& fix, std::chrono::milliseconds wait_max) override;
    void cancel() override { pace_.cancel(); }
    const Error& failure() const override { return failure_; }
    const sensor::FixCounts& counts() const override { return counts_; }
    bool live() const override { return pace_.live(); }

  private:
    const Piece& piece_now();
    sensor::Fix fix_now(const Piece& piece) const;

    std::uint64_t seed_;
    std::uint32_t asset_;
    Truck truck_;
    Instant to_;
    Instant now_;
    Pace pace_;
    LocalDay day_{};
    Track track_;
    std::size_t at_ = 0;
    sensor::FixCounts counts_;
    Error failure_{ErrorKind::unavailable, "", ""};
};

/// A fix as a receiver says it: RMC and GGA.
std::string nmea_of(const sensor::Fix& fix);

}  // namespace mobilytics::simulation
