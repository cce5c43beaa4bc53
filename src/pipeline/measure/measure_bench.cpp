// What measuring costs: decoded reports of 1 000 sensors over a day, through the pipeline, in
// nanoseconds of CPU time an observation, without and with the counting of devices; and the same
// sightings made into visits and facts of quarters of an hour by SQL in DuckDB and PostgreSQL, in
// the same run.
//
//   pipeline_measure_bench [--observations N] [--json]
//
// Prints name,value,unit and, where there is one, the bar and whether it is met.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>

#include "foundation/clock_test.h"
#include "pipeline/measure/crowd.h"
#include "pipeline/measure/measure.h"
#include "pipeline/measure/sql_job_bench.h"
#include "platform/services/child_process.h"

namespace mobilytics::measure {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;

constexpr std::uint32_t kSensors = 1'000;
constexpr int kHours = 24;
constexpr std::int64_t kObservations = 5'000'000;
constexpr std::uint32_t kSightings = 11;  // A visit, in the middle.
constexpr microseconds kVisitMax = 2min;
constexpr std::int64_t kFullDay = 100'000'000;  // Observations, when every hour is busy throughout.
const Instant kMidnight = *parse_iso8601("2026-08-21T00:00:00Z");

/// Who passes the sensors. A report holds as much as in a full day, however few observations there
/// are in all: then only a part of every hour is busy.
class Street {
  public:
    explicit Street(std::int64_t observations)
        : visits_((observations + kVisitsOf / 2) / kVisitsOf),
          busy_(std::clamp<microseconds>(
              microseconds(1h) * observations / kFullDay, kVisitMax + 1min, 1h)) {}

    /// What one sensor hears in one hour, in the order of time.
    std::vector<HeardOnce> hour(Instant begin, std::uint32_t sensor) {
        std::vector<HeardOnce> out;
        const auto of_hour = static_cast<std::uint64_t>((begin - kMidnight) / 1h);
        for (std::int64_t visit = 0; visit < visits_; ++visit) {
            // One in ten was here an hour ago as well.
            const std::uint64_t hour = visit % 10 == 0 ? of_hour / 2 : of_hour;
            const auto who = (hour * kSensors + sensor) * 1'000'003 + std::uint64_t(visit);
            const Instant from =
                begin + microseconds(below(std::uint64_t((busy_ - kVisitMax).count())));
            const std::uint64_t count = 1 + below(2 * kSightings - 1);
            for (std::uint64_t i = 0; i < count; ++i) {
                out.push_back(
                    {from + microseconds(below(std::uint64_t(kVisitMax.count()))),
                     who * 0x9E3779B97F4A7C15U, static_cast<std::int8_t>(-90 + int(below(50)))});
            }
        }
        std::sort(out.begin(), out.end(), [](const HeardOnce& a, const HeardOnce& b) {
            return a.at < b.at;
        });
        return out;
    }

  private:
    static constexpr std::int64_t kVisitsOf = std::int64_t{kSensors} * kHours * kSightings;
    std::uint64_t below(std::uint64_t end) { return random_() % end; }

    std::int64_t visits_;  // An hour, at one sensor.
    microseconds busy_;
    std::mt19937_64 random_{1};
};

/// Gives reports as ingest does: made anew, for they are decoded from what it keeps. What that
/// takes is not measure's.
class Stream final : public ingest::AcceptedReports {
  public:
    void accept(std::vector<ingest::AcceptedReport> reports) {
        reports_ = std::move(reports);
        given_ = 0;
        for (auto& report : reports_) report.position = {1, ++number_};
    }
    std::vector<ingest::AcceptedReport> read_after(
        ingest::StreamPosition /*after*/, std::size_t reports_max) override {
        const double before = process_cpu_seconds();
        const auto first = reports_.begin() + std::ptrdiff_t(given_);
        given_ += std::min(reports_max, reports_.size() - given_);
        std::vector<ingest::AcceptedReport> out(first, reports_.begin() + std::ptrdiff_t(given_));
        seconds_ += process_cpu_seconds() - before;
        return out;
    }
    double seconds() const { return seconds_; }
    std::vector<ingest::AcceptedReport> read_again(
        std::span<const DeviceId> /*devices*/, Instant /*from*/, Instant /*to*/,
        ingest::StreamPosition /*up_to*/) override {
        VERIFY(false && "they come in order: nobody must look back");
        return {};
    }

  private:
    std::vector<ingest::AcceptedReport> reports_;
    std::size_t given_ = 0;
    std::uint64_t number_ = 0;
    double seconds_ = 0;
};

/// Keeps sums, for comparison.
class Sums final : public FactPort {
  public:
    void commit(const FactBatch& batch) override {
        for (const auto& facts : batch.assets) {
            for (const auto& bucket : facts.buckets) {
                JobTotals& of = totals_[{facts.asset, bucket.start}] = {};
                for (const auto& exposure : bucket.exposures) {
                    of.visits += exposure.visits_begun;
                    of.sightings += exposure.sightings;
                    of.dwell_us += exposure.dwell_us;
                    of.presence_us += exposure.presence_us;
                    of.occupancy_max += exposure.occupancy_max;
                    for (std::size_t i = 0; i < kDwellBins; ++i) {
                        of.dwell_bins[i] += exposure.dwell_bins[i];
                    }
                }
            }
        }
        position_ = batch.position;
    }
    ingest::StreamPosition position() override { return position_; }
    std::vector<Checkpoint> checkpoints() override { return {}; }
    std::vector<BucketFacts> buckets(AssetId, Instant, Instant) override { return {}; }
    std::shared_ptr<const Dimensions> dimensions() override { return dimensions_; }

    void set_dimensions(Dimensions dimensions) {
        dimensions_ = std::make_shared<const Dimensions>(std::move(dimensions));
    }
    JobTotals totals() const {
        JobTotals out;
        for (const auto& [of, totals] : totals_) {
            out.visits += totals.visits;
            out.sightings += totals.sightings;
            out.dwell_us += totals.dwell_us;
            out.presence_us += totals.presence_us;
            out.occupancy_max += totals.occupancy_max;
            for (std::size_t i = 0; i < kDwellBins; ++i) out.dwell_bins[i] += totals.dwell_bins[i];
        }
        return out;
    }

  private:
    std::map<std::pair<AssetId, Instant>, JobTotals> totals_;
    std::shared_ptr<const Dimensions> dimensions_;
    ingest::StreamPosition position_;
};

class Bench {
  public:
    explicit Bench(std::int64_t observations) : street_(observations) {
        Dimensions dimensions;
        for (std::uint32_t sensor = 0; sensor < kSensors; ++sensor) {
            devices_.push_back(DeviceId::fresh(kMidnight));
            const auto asset = AssetId::fresh(kMidnight);
            dimensions.assets[asset] = {
                company_, asset, false, PathPoint{{}, 418'781'000, -876'298'000}, "UTC"};
            dimensions.attachments.push_back(
                {company_, devices_.back(), asset, kMidnight - 24h, {}});
        }
        std::sort(
            dimensions.attachments.begin(), dimensions.attachments.end(),
            [](const auto& a, const auto& b) { return a.device < b.device; });
        facts_.set_dimensions(std::move(dimensions));
    }

    /// Only the pipeline's own work is counted, hour for hour.
    double measure(bool count_devices, std::initializer_list<SqlJob*> others) {
        PipelineConfig config;
        config.rules.count_devices = count_devices;
        Pipeline pipeline(reports_, facts_, clock_, config);
        pipeline.restore();
        double seconds = 0;
        for (int hour = 0; hour <= kHours; ++hour) {
            if (hour < kHours) reports_.accept(hear(kMidnight + hour * 1h, others));
            clock_.advance(1h);
            const double before = process_cpu_seconds();
            while (pipeline.read() > 0) {
            }
            pipeline.flush();
            seconds += process_cpu_seconds() - before;
        }
        VERIFY(pipeline.tally().observations == observations_);
        VERIFY(pipeline.rebuilds() == 0);
        return seconds - reports_.seconds();
    }

    JobTotals measured() const { return facts_.totals(); }
    std::int64_t observations() const { return observations_; }
    std::int64_t reports() const { return report_count_; }

  private:
    /// An hour of all sensors, in the order of time, and the same for others.
    std::vector<ingest::AcceptedReport> hear(Instant begin, std::initializer_list<SqlJob*> others) {
        std::vector<ingest::AcceptedReport> out;
        std::vector<std::vector<HeardOnce>> heard;
        for (std::uint32_t sensor = 0; sensor < kSensors; ++sensor) {
            const auto& all = heard.emplace_back(street_.hour(begin, sensor));
            observations_ += std::int64_t(all.size());
            for (std::size_t first = 0; first < all.size();) {
                first = window(sensor, all, first, out.emplace_back());
            }
        }
        for (SqlJob* const other : others) other->load(heard);
        report_count_ += std::int64_t(out.size());
        std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
            return std::tie(a.started, a.report.key) < std::tie(b.started, b.report.key);
        });
        return out;
    }
    /// The sightings from `first` on that one window holds; gives the first of the next.
    std::size_t window(
        std::uint32_t sensor, const std::vector<HeardOnce>& all, std::size_t first,
        ingest::AcceptedReport& out) {
        const auto offset = (all[first].at - kMidnight) / wire::kWindowMax;
        out.company = company_;
        out.started = kMidnight + offset * wire::kWindowMax;
        out.received_at = out.started + wire::kWindowMax + 1s;
        out.report.key = {devices_[sensor], wire::BootId{1}, std::uint64_t(offset) + 1};
        out.report.started = out.started;
        out.report.duration = wire::kWindowMax;
        out.report.clock_state = wire::ClockState::ntp;
        auto& observations = out.report.observations;
        observations.salt_epoch = {1};
        observations.salt_mode = wire::SaltMode::standard;
        std::size_t i = first;
        for (; i < all.size() && all[i].at < out.started + wire::kWindowMax; ++i) {
            // One of 40 models, in three variants, that numbers its frames on, ten a second.
            const auto model = std::uint32_t(1 + all[i].pseudonym % 40);
            const auto number =
                (all[i].at - kMidnight) / 100ms + std::int64_t(all[i].pseudonym % 4096);
            observations.rows.push_back(
                {.pseudonym = all[i].pseudonym,
                 .at_us = std::uint32_t((all[i].at - out.started).count()),
                 .coarse_fingerprint = model,
                 .fine_fingerprint = 4 * model + std::uint32_t(all[i].pseudonym % 3),
                 .sequence = std::uint16_t(number % 4096),
                 .address_class = wire::AddressClass::local,
                 .rssi_dbm = all[i].rssi_dbm,
                 .channel = 6});
        }
        return i;
    }

    const CompanyId company_ = CompanyId::fresh(kMidnight);
    Street street_;
    std::vector<DeviceId> devices_;
    Stream reports_;
    Sums facts_;
    ManualClock clock_{kMidnight};
    std::int64_t observations_ = 0;
    std::int64_t report_count_ = 0;
};

void print(const char* name, double value, const char* unit) {
    std::printf("%s,%.6g,%s\n", name, value, unit);
}
void print(const char* name, double value, const char* unit, double at_most) {
    std::printf(
        "%s,%.6g,%s,%g,%s\n", name, value, unit, at_most, value <= at_most ? "met" : "missed");
}

void compare(const char* name, SqlJob& job, const Bench& bench, double measured, double bar) {
    const auto count = static_cast<double>(bench.observations());
    const double loaded = job.cpu_seconds();
    job.measure();
    const double all = job.cpu_seconds();
    VERIFY(job.totals() == bench.measured());  // It is the same work, then.
    const std::string prefix = std::string("measure_sql_") + name;
    print((prefix + "_load_cpu").c_str(), 1e9 * loaded / count, "ns/observation");
    print((prefix + "_cpu").c_str(), 1e9 * (all - loaded) / count, "ns/observation");
    std::printf(
        "%s_to_measure,%.6g,times,%g,%s\n", prefix.c_str(), all / measured, bar,
        all / measured >= bar ? "met" : "missed");
}

/// Of what is kept of who is there: one place with a crowd, each heard a dozen
/// times.
double bytes_a_device() {
    constexpr std::uint64_t kDevices = 3'500;
    constexpr std::uint64_t kBursts = 12;
    Crowd crowd;
    for (std::uint64_t burst = 0; burst < kBursts; ++burst) {
        for (std::uint64_t who = 1; who <= kDevices; ++who) {
            const auto model = std::uint32_t(1 + who % 40);
            crowd.add(
                kMidnight + std::int64_t(burst) * 10s + microseconds(who * 2'000),
                {who * 0x9E3779B97F4A7C15U, 0, model, 4 * model + std::uint32_t(who % 3),
                 std::int16_t((who * 37 + burst) % 4096), std::int8_t(-50 - int(who % 40)),
                 wire::AddressClass::local});
        }
    }
    return double(crowd.bytes()) / double(kDevices);
}

void run(std::int64_t wanted) {
    const services::TemporaryFolder folder;
    std::filesystem::permissions(  // Postgres does not run as root.
        folder.path(), std::filesystem::perms::others_exec, std::filesystem::perm_options::add);
    const auto duckdb = make_duckdb_job(folder.path());
    const auto postgres = make_postgres_job(folder.path());
    Bench bench(wanted);
    const double measured = bench.measure(false, {duckdb.get(), postgres.get()});
    Bench counting(wanted);
    const double counted = counting.measure(true, {});
    VERIFY(counting.observations() == bench.observations());
    const auto count = static_cast<double>(bench.observations());
    print("measure_observations", count, "observations");
    print("measure_report", count / static_cast<double>(bench.reports()), "observations/report");
    const auto visits = static_cast<double>(bench.measured().visits);
    print("measure_visit", count / visits, "observations/visit");
    print("measure_cpu", 1e9 * measured / count, "ns/observation", 100);
    print("measure_counting_cpu", 1e9 * counted / count, "ns/observation");
    print("measure_counting_to_plain", counted / measured, "times", 2);
    print("measure_crowd", bytes_a_device(), "MB/million live devices");
    compare("duckdb", *duckdb, bench, measured, 10);
    compare("postgres", *postgres, bench, measured, 25);
}

}  // namespace
}  // namespace mobilytics::measure

int main(int argc, char** argv) {
    std::int64_t observations = mobilytics::measure::kObservations;
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "--observations") == 0 && i + 1 < argc) {
            observations = std::atoll(argv[++i]);
        }
    }
    VERIFY(observations > 0);
    mobilytics::measure::run(observations);
}
