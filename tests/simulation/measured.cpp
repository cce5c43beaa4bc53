#include "simulation/measured.h"

#include <stdexcept>

#include "pipeline/sensor/agent/recorder.h"
#include "pipeline/sensor/decode/frame_decoder.h"

namespace mobilytics::simulation {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kStartUs = 1'000'000;

/// The same in every run, and of each asset another.
class SaltOf final : public sensor::SaltPort {
  public:
    explicit SaltOf(std::uint32_t asset) : asset_(static_cast<std::uint8_t>(asset + 1)) {}
    Result<sensor::Salt> fetch(LocalDay) override {
        sensor::Salt out;
        out.epoch = {asset_};
        out.mode = wire::SaltMode::standard;
        out.key = Secret<std::string>(std::string(32, static_cast<char>(asset_)));
        return out;
    }
    Result<sensor::InForce> in_force() override {
        return sensor::InForce{wire::SaltMode::standard, {}};
    }

  private:
    std::uint8_t asset_;
};

}  // namespace

std::vector<Stayed> visits_of(const std::vector<Heard>& heard) {
    std::vector<Stayed> out;
    for (const auto& one : heard) {
        if (one.rssi_dbm < -94) continue;
        const bool goes_on = !out.empty() && one.at - out.back().last <= 5min;
        if (!goes_on && one.rssi_dbm < -90) continue;
        if (!goes_on) out.push_back({one.at, one.at, 0, one.rssi_dbm});
        auto& visit = out.back();
        visit.last = one.at;
        ++visit.sightings;
        visit.strongest_dbm = std::max(visit.strongest_dbm, one.rssi_dbm);
    }
    return out;
}

Measured::Measured(const City& city, std::uint32_t number, Instant from, Instant to)
    : asset_(city.assets()[number]), from_(from), to_(to), clock_(to) {
    listen(city);
    measure::Dimensions dimensions;
    const measure::PathPoint place{
        {},
        static_cast<std::int32_t>(asset_.position.latitude_deg * 1e7),
        static_cast<std::int32_t>(asset_.position.longitude_deg * 1e7)};
    dimensions.assets[id_] = {
        company_, id_, asset_.moving, asset_.moving ? std::nullopt : std::optional(place),
        kCityZone};
    dimensions.attachments.push_back({company_, device_, id_, from_ - 1h, std::nullopt});
    facts_.set_dimensions(dimensions);
    clock_.advance(1h);
    measure::Pipeline pipeline(reports_, facts_, clock_, {});
    pipeline.restore();
    while (pipeline.read() > 0) continue;
    pipeline.flush();
}

std::map<std::uint64_t, std::vector<measure::Visit>> Measured::visits() {
    std::map<std::uint64_t, std::vector<measure::Visit>> out;
    for (const auto& [start, bucket] : buckets()) {
        for (const auto& visit : bucket.visits) {
            if (visit.source == wire::RadioKind::wifi) out[visit.pseudonym].push_back(visit);
        }
    }
    return out;
}

void Measured::listen(const City& city) {
    sensor::Salts salts(wire::SaltMode::standard, kCityZone);
    SaltOf port(asset_.number);
    salts.of(local_day(from_, kCityZone));
    if (!salts.fetch_wanted(port, from_, 0)) throw std::logic_error("no salt");
    const sensor::Pseudonymiser pseudonymiser(salts.of(local_day(from_, kCityZone)));
    const sensor::TimeBase base{
        from_.time_since_epoch().count() - static_cast<std::int64_t>(kStartUs),
        wire::ClockState::ntp};
    const auto mono = [&](Instant at) {
        return kStartUs + static_cast<std::uint64_t>((at - from_).count());
    };
    sensor::Recorder recorder(device_, salts, {}, {}, kStartUs, base);
    sensor::FrameDecoder decoder;
    SimulatedRadio radio(city, asset_.number, from_, to_, nullptr);
    const auto receiver = city.receiver(asset_.number, from_, to_);
    std::vector<wire::Report> made;
    sensor::RawFrame frame;
    sensor::Fix fix;
    bool fixed = receiver && receiver->next(fix, 0ms) == sensor::Step::ready;
    bool heard = radio.next(frame, 0ms) == sensor::Step::ready;
    while (heard || fixed) {
        const bool is_fix = fixed && (!heard || fix.at <= frame.at);
        const auto now = mono(is_fix ? fix.at : frame.at);
        recorder.advance(now, base, made);
        if (is_fix) {
            recorder.locate(now, fix);
            fixed = receiver->next(fix, 0ms) == sensor::Step::ready;
            continue;
        }
        for (const auto& sighting : decoder.decode(frame)) {
            recorder.hear(now, sighting);
            if (sighting.kind != wire::RadioKind::wifi) continue;
            const auto name = pseudonymiser.pseudonym(sighting.kind, sighting.address);
            air_[name].push_back({frame.at, *sighting.rssi_dbm, radio.origin()});
        }
        heard = radio.next(frame, 0ms) == sensor::Step::ready;
    }
    // And nothing more for so long that all visits end.
    recorder.advance(mono(to_ + 20min), base, made);
    recorder.finish(mono(to_ + 20min), made);
    for (auto& report : made) accept(report);
}

void Measured::accept(wire::Report& report) {
    report.key.boot = {1};
    report.key.seq = ++seq_;
    std::string frame;
    wire::append_frame(frame, report);
    wire::EnvelopeReader reader(
        {reinterpret_cast<const std::uint8_t*>(frame.data()), frame.size()});
    ingest::AcceptedReport accepted;
    if (wire::decode(*reader.next(), accepted.report)) throw std::logic_error("no report");
    accepted.company = company_;
    accepted.started = accepted.report.started;
    accepted.received_at = accepted.started + accepted.report.duration + 1s;
    reports_.accept(std::move(accepted));
}

}  // namespace mobilytics::simulation
