// The facts depend on what was accepted, and on nothing else.

#include <random>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "foundation/clock_test.h"
#include "pipeline/measure/measure_test.h"

namespace mobilytics::measure {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;
using std::chrono::seconds;

/// A billboard and a van with two sensors each, and who passes them, drawn by lot. It is small, but
/// has all that there are rules for: residents, co-travellers, weak signals, outages, gaps between
/// fixes, jumps, midnight, and salts that end at it or do not.
class DrawnStreet {
  public:
    explicit DrawnStreet(std::uint32_t seed) : random_(seed) {
        company = CompanyId::from_bytes(drawn_id());
        for (auto& device : devices) device = DeviceId::from_bytes(drawn_id());
        billboard = AssetId::from_bytes(drawn_id());
        van = AssetId::from_bytes(drawn_id());
        begin = *parse_iso8601("2026-08-21T17:00:00Z") + seconds(below(12 * 3'600));
        every = seconds(pick({10, 20, 60}));
        count = below(400) + 20;
        salt_rotates_ = below(2) == 0;
        dimensions.assets[billboard] = {
            company, billboard, false, PathPoint{{}, 418'781'000, -876'298'000}, zone()};
        dimensions.assets[van] = {company, van, true, {}, zone()};
        const Instant attached = begin - 24h;
        dimensions.attachments = {
            {company, devices[0], billboard, attached, {}},
            {company, devices[1], billboard, attached, {}},
            {company, devices[2], van, attached, {}},
            {company, devices[3], van, attached, {}}};
        std::sort(
            dimensions.attachments.begin(), dimensions.attachments.end(),
            [](const auto& a, const auto& b) { return a.device < b.device; });
        drive();
        for (std::size_t sensor = 0; sensor < devices.size(); ++sensor) hear(sensor);
    }

    Instant end() const { return begin + every * count; }

    CompanyId company;
    AssetId billboard, van;
    std::array<DeviceId, 4> devices;
    Dimensions dimensions;
    std::vector<ingest::AcceptedReport> reports;
    Instant begin;
    microseconds every{};
    int count = 0;

  private:
    /// Of one seed always the same: of two pieces of one moment, the device decides.
    std::array<std::uint8_t, 16> drawn_id() {
        std::array<std::uint8_t, 16> out{};
        for (auto& byte : out) byte = static_cast<std::uint8_t>(below(256));
        return out;
    }
    int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
    int pick(std::initializer_list<int> of) { return of.begin()[below(int(of.size()))]; }
    std::string zone() { return below(2) == 0 ? "UTC" : "America/Chicago"; }

    /// Where the van is, a second after the other; no fix where there is an outage.
    void drive() {
        double latitude = 41.8781;
        double longitude = -87.6298;
        int left = 0;
        double speed_m_s = 0;
        const int fix_every = pick({1, 5, 40});
        for (Instant at = begin; at < end() + every; at += seconds(fix_every)) {
            left -= fix_every;
            if (left <= 0) {
                left = 30 + below(600);
                speed_m_s = below(2) == 0 ? 0 : 2 + below(14);
                if (below(12) == 0) at += seconds(below(500));
                if (below(12) == 0) latitude += 0.02;
            }
            latitude += speed_m_s * fix_every / 111'195.0 + 1e-6 * (below(21) - 10);
            longitude += 1e-6 * (below(21) - 10);
            way_.emplace_back(at, std::pair(latitude, longitude));
        }
    }

    void hear(std::size_t sensor) {
        const auto delay = microseconds(below(9'000'000));
        std::uint64_t seq = 0;
        int silent = 0;
        for (Instant at = begin + delay; at < end(); at += every) {
            if (silent > 0 && --silent > 0) continue;
            if (below(90) == 0) silent = below(80);
            ReportBuilder report(devices[sensor], ++seq, at, std::min<microseconds>(every, 10s));
            if (salt_rotates_ && at >= std::chrono::ceil<std::chrono::days>(begin)) report.epoch(2);
            see(report, sensor, at);
            if (sensor >= 2) {
                for (const auto& [when, where] : way_) {
                    if (when < at || when > at + 10s || (sensor == 3 && below(3) > 0)) continue;
                    report.at(when - at, where.first, where.second);
                }
            }
            reports.push_back(report.accepted(company));
        }
    }

    void see(ReportBuilder& report, std::size_t sensor, Instant at) {
        const auto minute = static_cast<int>((at - begin) / 1min);
        microseconds offset{below(100'000)};
        for (int i = below(8); i > 0; --i) {
            ReportBuilder::Seen seen;
            const bool always = below(3) == 0;
            seen.pseudonym =
                always ? std::uint64_t(below(3)) : std::uint64_t(100 + minute / 7 * 5 + below(9));
            seen.kind = seen.pseudonym % 3 == 0 ? wire::RadioKind::ble : wire::RadioKind::wifi;
            const bool makers = seen.pseudonym % 2 == 1;
            seen.address_class = seen.kind == wire::RadioKind::ble
                                     ? wire::AddressClass::ble_resolvable
                                 : makers ? wire::AddressClass::global
                                          : wire::AddressClass::local;
            if (seen.kind == wire::RadioKind::ble && below(9) == 0) seen.company = 0x0006;
            seen.rssi_dbm = -98 + below(60);
            if (seen.kind == wire::RadioKind::wifi) {  // Five models, some with a variant.
                seen.coarse = static_cast<std::uint32_t>(1 + seen.pseudonym % 5);
                seen.fine = static_cast<std::uint32_t>(10 * seen.coarse + seen.pseudonym % 2);
                // One sensor's source has no numbers.
                if (sensor != 1)
                    seen.sequence = static_cast<std::uint16_t>((minute * 9 + i) % 4096);
            }
            seen.pseudonym += 1'000 * (sensor / 2);
            report.seen(offset, seen);
            offset += microseconds(below(1'200'000));
        }
    }

    std::mt19937 random_;
    bool salt_rotates_ = false;
    std::vector<std::pair<Instant, std::pair<double, double>>> way_;
};

class Trial {
  public:
    explicit Trial(const DrawnStreet& street, PipelineConfig config = {})
        : config_(config), clock_(street.end() + 1min) {
        facts.set_dimensions(street.dimensions);
        start();
    }
    void accept(const std::vector<ingest::AcceptedReport>& all) {
        for (const auto& report : all) reports.accept(report);
    }
    void start() {
        pipeline = std::make_unique<Pipeline>(reports, facts, clock_, config_);
        pipeline->restore();
    }
    void finish() {
        while (pipeline->read() > 0) {
        }
        pipeline->flush();
    }

    MemoryReports reports;
    MemoryFacts facts;
    std::unique_ptr<Pipeline> pipeline;
    PipelineConfig config_;

  private:
    ManualClock clock_;
};

/// All at once, in the order of time, told once.
std::map<AssetId, MemoryFacts::Asset> undisturbed(const DrawnStreet& street) {
    auto in_order = street.reports;
    std::sort(in_order.begin(), in_order.end(), [](const auto& a, const auto& b) {
        return std::tie(a.started, a.report.key) < std::tie(b.started, b.report.key);
    });
    PipelineConfig config;
    config.reports_per_read = 1'000'000;
    Trial run(street, config);
    run.accept(in_order);
    run.finish();
    return run.facts.settled();
}

/// The first difference, for people.
std::string difference(
    const std::map<AssetId, MemoryFacts::Asset>& a,
    const std::map<AssetId, MemoryFacts::Asset>& b) {
    if (a == b) return "";
    for (const auto& [id, asset] : a) {
        const auto other = b.find(id);
        if (other == b.end()) return id.str() + " is not there";
        for (const auto& [start, facts] : asset.buckets) {
            const auto same = other->second.buckets.find(start);
            if (same == other->second.buckets.end()) return to_iso8601(start) + " is not there";
            if (same->second == facts) continue;
            std::string what = to_iso8601(start);
            if (same->second.coverage != facts.coverage) what += " coverage";
            if (same->second.visits != facts.visits) what += " visits";
            if (same->second.exposures != facts.exposures) what += " exposures";
            if (same->second.counted != facts.counted) what += " counted";
            return what + " differs of " + std::to_string(asset.buckets.size());
        }
        for (const auto& [start, facts] : other->second.buckets) {
            if (!asset.buckets.contains(start)) return to_iso8601(start) + " should not be there";
        }
        for (const auto& [started, route] : asset.routes) {
            const auto same = other->second.routes.find(started);
            const std::string what = "route of " + to_iso8601(started);
            if (same == other->second.routes.end()) return what + " is not there";
            if (same->second != route) return what + " differs";
        }
        for (const auto& [started, route] : other->second.routes) {
            if (!asset.routes.contains(started)) {
                return "route of " + to_iso8601(started) + " should not be there";
            }
        }
    }
    return "more assets";
}

/// Reports out of order in one of the ways in which that happens.
std::vector<ingest::AcceptedReport> disordered(const DrawnStreet& street, std::mt19937& random) {
    auto out = street.reports;
    const auto by_time = [](const auto& a, const auto& b) { return a.started < b.started; };
    std::sort(out.begin(), out.end(), by_time);
    const unsigned way = random() % 4;
    if (way == 0) std::shuffle(out.begin(), out.end(), random);
    if (way == 1) {  // One sensor was away, and then tells all.
        const auto& late = street.devices[random() % 4];
        std::sort(out.begin(), out.end(), [&](const auto& a, const auto& b) {
            const bool a_late = a.report.key.device == late;
            const bool b_late = b.report.key.device == late;
            return std::tie(a_late, a.started) < std::tie(b_late, b.started);
        });
    }
    if (way == 2) {  // Each a little late.
        std::vector<std::pair<Instant, std::size_t>> order;
        for (std::size_t i = 0; i < out.size(); ++i) {
            order.emplace_back(out[i].started + seconds(random() % 90), i);
        }
        std::sort(order.begin(), order.end());
        auto sorted = out;
        for (std::size_t i = 0; i < order.size(); ++i) sorted[i] = out[order[i].second];
        out = std::move(sorted);
    }
    return out;
}

/// Drawn, so a smaller one is no simpler.
std::uint32_t drawn_seed() {
    return *rc::gen::noShrink(rc::gen::inRange<std::uint32_t>(0, 1U << 31));
}

/// In another order and in batches, some of them twice.
std::string difference_in_disorder(std::uint32_t street_seed, std::uint32_t way_seed) {
    const DrawnStreet street(street_seed);
    std::mt19937 random(way_seed);
    auto arriving = disordered(street, random);
    for (std::size_t i = random() % 30; i > 0; --i) {
        const auto twice = arriving[random() % arriving.size()];
        arriving.insert(arriving.begin() + std::ptrdiff_t(random() % (arriving.size() + 1)), twice);
    }
    PipelineConfig config;
    config.reports_per_read = 1 + random() % 200;
    config.workers = 1 + random() % 3;
    config.lanes.horizon = std::chrono::minutes(random() % 60);
    Trial run(street, config);
    run.accept(arriving);
    while (run.pipeline->read() > 0) {
        if (random() % 3 == 0) run.pipeline->flush();
    }
    run.pipeline->flush();
    return difference(undisturbed(street), run.facts.settled());
}

RC_GTEST_PROP(MeasureOrder, FactsDoNotDependOnOrderBatchesOrDuplicates, ()) {
    const std::uint32_t street = drawn_seed();
    RC_ASSERT(difference_in_disorder(street, drawn_seed()) == "");
}

/// With restarts, and commits that fail.
std::string difference_with_failures(std::uint32_t street_seed, std::uint32_t way_seed) {
    const DrawnStreet street(street_seed);
    std::mt19937 random(way_seed);
    PipelineConfig config;
    config.reports_per_read = 1 + random() % 100;
    Trial run(street, config);
    run.accept(disordered(street, random));
    for (bool more = true; more;) {
        more = run.pipeline->read() > 0;
        const unsigned lot = random() % 8;
        if (lot == 0) run.start();  // Killed: what was not committed is gone.
        if (lot == 1) run.facts.next_failure = MemoryFacts::Failure::before;
        if (lot == 2) run.facts.next_failure = MemoryFacts::Failure::after;
        if (lot > 4) continue;
        try {
            run.pipeline->flush();
        } catch (const Unavailable&) {
            if (random() % 2 == 0) {
                run.start();
            } else {
                run.pipeline->flush();
            }
        }
        if (lot == 0) more = true;
    }
    run.finish();
    return difference(undisturbed(street), run.facts.settled());
}

RC_GTEST_PROP(MeasureOrder, FactsDoNotDependOnRestartsOrFailedCommits, ()) {
    const std::uint32_t street = drawn_seed();
    RC_ASSERT(difference_with_failures(street, drawn_seed()) == "");
}

/// Some reports got a better time after they were measured, and come again with it.
std::string difference_when_moved(std::uint32_t street_seed, std::uint32_t way_seed) {
    const DrawnStreet street(street_seed);
    std::mt19937 random(way_seed);
    auto arriving = disordered(street, random);
    std::vector<std::pair<wire::ReportKey, Instant>> moves;
    for (auto& report : arriving) {
        if (random() % 8 != 0) continue;
        moves.emplace_back(report.report.key, report.started);
        report.started -= microseconds(random() % 10'000'000'000);
    }
    PipelineConfig config;
    config.reports_per_read = 1 + random() % 200;
    config.workers = 1 + random() % 3;
    Trial run(street, config);
    run.accept(arriving);
    for (const auto& [key, started] : moves) {
        for (unsigned reads = random() % 3; reads > 0; --reads) run.pipeline->read();
        if (random() % 3 == 0) run.pipeline->flush();
        if (random() % 20 == 0) run.start();
        if (random() % 4 == 0) run.reports.move(key, started - 1h);  // Twice.
        run.reports.move(key, started);
    }
    run.finish();
    return difference(undisturbed(street), run.facts.settled());
}

RC_GTEST_PROP(MeasureOrder, FactsDoNotDependOnWhereAReportStoodBeforeItMoved, ()) {
    const std::uint32_t street = drawn_seed();
    RC_ASSERT(difference_when_moved(street, drawn_seed()) == "");
}

/// As far as it has come, and no further.
std::string difference_of_a_part(std::uint32_t street_seed, std::uint32_t way_seed) {
    const DrawnStreet street(street_seed);
    std::mt19937 random(way_seed);
    auto arriving = disordered(street, random);
    arriving.resize(1 + random() % arriving.size());
    PipelineConfig config;
    config.reports_per_read = 1 + random() % 50;
    Trial run(street, config);
    run.accept(arriving);
    while (run.pipeline->read() > 0) run.pipeline->flush();
    auto part = street;
    part.reports = arriving;
    return difference(undisturbed(part), run.facts.settled());
}

RC_GTEST_PROP(MeasureOrder, EveryCommitIsThatOfTheReportsUpToIt, ()) {
    const std::uint32_t street = drawn_seed();
    RC_ASSERT(difference_of_a_part(street, drawn_seed()) == "");
}

TEST(MeasureOrder, DrawsThatOnceFailed) {
    EXPECT_EQ(difference_with_failures(132'967'709, 102'335'155), "");
}

}  // namespace
}  // namespace mobilytics::measure
