// What it costs a frame that there is a list of who opted out: the way from a sighting to its row,
// without a list and with a full one. Items are sightings.

#include <benchmark/benchmark.h>

#include "pipeline/sensor/agent/recorder.h"

namespace mobilytics::sensor {
namespace {

constexpr std::size_t kListed = 10'000;

/// A list that has none of those that are heard.
class Desk final : public OptOutPort {
  public:
    explicit Desk(std::size_t count) : count_(count) {}
    Result<std::optional<ToldOptOuts>> opt_outs(const std::string&) override {
        ToldOptOuts out{"a1", Secret<std::string>(crypto::random_bytes(32)), {}};
        for (std::size_t i = 0; i < count_; ++i) {
            const auto bytes = crypto::random_bytes(16);
            std::copy(bytes.begin(), bytes.end(), out.digests.emplace_back().begin());
        }
        return std::optional(std::move(out));
    }

  private:
    const std::size_t count_;
};

/// A phone's probe request; `first` is the first octet of its address.
void hear(benchmark::State& state, std::uint8_t first, std::size_t listed) {
    const TimeBase noon{1'787'304'600'000'000, wire::ClockState::ntp};
    CompanyOptOuts company({});
    Desk desk(listed);
    company.refresh(desk, 0);
    OptOutList opt_out;
    opt_out.follow(company);
    Salts salts(wire::SaltMode::strict, "UTC");
    const std::vector<std::uint8_t> list(60, 7);
    Sighting sighting;
    sighting.address = {first, 0x83, 0xE7, 0, 0, 1};
    sighting.coarse = list;
    sighting.fine = list;
    Recorder recorder(DeviceId(), salts, opt_out, {}, 0, noon);
    std::vector<wire::Report> out;
    std::uint64_t now_us = 0;
    for (auto step : state) {
        (void)step;
        recorder.hear(now_us += 500, sighting);
        if (now_us % 100'000 == 0) recorder.advance(now_us, noon, out);
        out.clear();
    }
    if (recorder.dropped()[0] > 0) state.SkipWithError("passed over");
    state.SetItemsProcessed(state.iterations());
}

void opt_out_no_list(benchmark::State& state) { hear(state, 0xA4, 0); }
void opt_out_list_of_10000(benchmark::State& state) { hear(state, 0xA4, kListed); }
void opt_out_list_of_10000_random_address(benchmark::State& state) { hear(state, 0xA6, kListed); }
BENCHMARK(opt_out_no_list);
BENCHMARK(opt_out_list_of_10000);
BENCHMARK(opt_out_list_of_10000_random_address);

}  // namespace
}  // namespace mobilytics::sensor
