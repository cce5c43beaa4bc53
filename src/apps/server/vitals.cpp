#include "apps/server/vitals.h"

#include <fstream>

#include <sys/resource.h>
#include <unistd.h>

#include "apps/server/backup/backup.h"
#include "apps/server/doctor/checks.h"
#include "foundation/log.h"
#include "platform/crypto/files.h"
#include "platform/crypto/pki.h"

namespace mobilytics::server {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kEvery{10};

double seconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double seconds_of(std::chrono::nanoseconds span) {
    return std::chrono::duration<double>(span).count();
}

double timestamp(std::optional<Instant> at) { return at ? seconds_of(at->time_since_epoch()) : 0; }

}  // namespace

Vitals::Vitals(Watched watched, metrics::Registry& registry, const Clock& clock)
    : watched_(std::move(watched)), registry_(registry), clock_(clock), began_(clock.now()) {
    look();  // What is asked for at once is there.
    thread_ = std::thread([this] { run(); });
}

Vitals::~Vitals() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Vitals::run() {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, kEvery, [this] { return stopping_; })) {
        lock.unlock();
        look();
        lock.lock();
    }
}

void Vitals::look() {
    for (const auto part :
         {&Vitals::look_at_process, &Vitals::look_at_pools, &Vitals::look_at_disk,
          &Vitals::look_at_certificates, &Vitals::look_at_services, &Vitals::look_at_clocks,
          &Vitals::look_at_backups, &Vitals::look_at_more}) {
        try {
            (this->*part)();
        } catch (const std::exception& failure) {  // One that fails keeps the others from nothing.
            log::warning("vitals_not_seen", {{"why", failure.what()}});
        }
    }
}

metrics::Gauge& Vitals::gauge(const char* name, const char* help, const metrics::Labels& labels) {
    return registry_.gauge(name, help, labels);
}

void Vitals::count_to(
    const char* name, const char* help, double total, const metrics::Labels& labels) {
    auto& counter = registry_.counter(name, help, labels);
    if (total > counter.Value()) counter.Increment(total - counter.Value());
}

void Vitals::look_at_process() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    constexpr auto kCpu = "process_cpu_time_seconds_total";
    constexpr auto kCpuHelp = "CPU time of this process.";
    count_to(kCpu, kCpuHelp, seconds_of(used.ru_utime), {{"cpu_mode", "user"}});
    count_to(kCpu, kCpuHelp, seconds_of(used.ru_stime), {{"cpu_mode", "system"}});
    std::uint64_t pages = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> pages >> resident;
    const auto page = static_cast<double>(sysconf(_SC_PAGE_SIZE));
    gauge("process_memory_usage_bytes", "Physical memory of this process.")
        .Set(static_cast<double>(resident) * page);
    gauge("process_memory_virtual_bytes", "Address space of this process.")
        .Set(static_cast<double>(pages) * page);
    const auto count = [](const char* folder) {
        std::error_code gone;
        return static_cast<double>(std::distance(fs::directory_iterator(folder, gone), {}));
    };
    gauge("process_open_file_descriptor_count", "Open files, connections among them.")
        .Set(count("/proc/self/fd"));
    gauge("mobilytics_file_descriptors_max", "As many may be open.")
        .Set(static_cast<double>(files_limit()));
    gauge("process_thread_count", "Threads of this process.").Set(count("/proc/self/task"));
    gauge("process_uptime_seconds", "Since it began.").Set(seconds_of(clock_.now() - began_));
    gauge("mobilytics_http_workers", "Threads that answer requests, of each listener.")
        .Set(static_cast<double>(watched_.workers));
    registry_.gauge("mobilytics_build_info", "Always 1.", {{"version", MOBILYTICS_VERSION}}).Set(1);
}

void Vitals::look_at_pools() {
    for (const auto& [pool, figures_of] : watched_.pools) {
        const auto figures = figures_of();
        const metrics::Labels labels{{"db_client_connection_pool_name", pool}};
        const auto with_state = [&](const char* state) {
            auto out = labels;
            out.emplace("db_client_connection_state", state);
            return out;
        };
        constexpr auto kCount = "db_client_connection_count";
        constexpr auto kCountHelp = "Connections to PostgreSQL.";
        gauge(kCount, kCountHelp, with_state("used")).Set(static_cast<double>(figures.in_use));
        gauge(kCount, kCountHelp, with_state("idle"))
            .Set(static_cast<double>(figures.open - figures.in_use));
        gauge("db_client_connection_max", "As many may be open.", labels)
            .Set(static_cast<double>(figures.connections_max));
        gauge("db_client_connection_pending_requests", "Who waits for one now.", labels)
            .Set(static_cast<double>(figures.waiting));
        count_to(
            "db_client_connection_timeouts_total", "Who waited for one in vain.",
            static_cast<double>(figures.refused_total), labels);
        count_to(
            "mobilytics_pg_transactions_total", "Transactions begun.",
            static_cast<double>(figures.taken_total), labels);
        count_to(
            "mobilytics_pg_wait_seconds_total", "Waited for a connection, all together.",
            seconds_of(figures.waited_total), labels);
        count_to(
            "mobilytics_pg_connected_total", "Connections made.",
            static_cast<double>(figures.connected_total), labels);
        count_to(
            "mobilytics_pg_lost_total", "Connections that broke, or were not to be had.",
            static_cast<double>(figures.lost_total), labels);
    }
}

void Vitals::look_at_disk() {
    const auto space = space_of(watched_.data);
    constexpr auto kUsage = "system_filesystem_usage_bytes";
    constexpr auto kUsageHelp = "Of the file system that the data folder lies on.";
    const auto set = [&](const char* state, std::uint64_t bytes) {
        gauge(kUsage, kUsageHelp, {{"system_filesystem_state", state}})
            .Set(static_cast<double>(bytes));
    };
    set("free", space.bytes_free);
    set("used", space.bytes - space.bytes_free);
    gauge("mobilytics_disk_files_free", "Files (inodes) that it has room for.")
        .Set(static_cast<double>(space.files_free));
    std::error_code missing;
    const auto store = fs::file_size(watched_.data / "store.duckdb", missing);
    gauge("mobilytics_store_bytes", "The store's file.")
        .Set(missing ? 0 : static_cast<double>(store));
}

void Vitals::look_at_certificates() {
    for (const auto& [name, file] : watched_.certificates) {
        const auto pem = crypto::read_file(file);
        const auto info = pem ? crypto::read_certificate(*pem)
                              : fail(ErrorKind::not_found, "no_certificate", file.string());
        // What is no certificate is good no longer.
        gauge(
            "mobilytics_certificate_not_after_timestamp_seconds", "When a certificate ends.",
            {{"certificate", name}})
            .Set(info ? timestamp(info->not_after) : 0);
    }
}

void Vitals::look_at_services() {
    for (const auto& [name, service] : watched_.services) {
        const metrics::Labels labels{{"service", name}};
        gauge("mobilytics_service_up", "Whether what we depend on answers.", labels)
            .Set(service.healthy() ? 1 : 0);
        count_to(
            "mobilytics_service_restarts_total", "How often one of our own was started again.",
            static_cast<double>(service.restarts()), labels);
    }
}

void Vitals::look_at_clocks() {
    gauge("mobilytics_clock_synchronized", "1 while NTP sets this machine's clock.")
        .Set(clock_is_synchronized() ? 1 : 0);
    const auto before = clock_.now();
    const auto theirs = watched_.clock_of_postgres();
    const auto offset = theirs - before - (clock_.now() - before) / 2;
    gauge("mobilytics_clock_offset_seconds", "PostgreSQL's clock, as it differs from ours.")
        .Set(seconds_of(offset));
}

void Vitals::look_at_backups() {
    gauge("mobilytics_backup_last_timestamp_seconds", "When the last backup was made; 0: never.")
        .Set(timestamp(last_backup(watched_.data)));
    gauge(
        "mobilytics_restore_last_timestamp_seconds",
        "When a backup was last restored on trial; 0: never.")
        .Set(timestamp(last_verified(watched_.data)));
}

void Vitals::look_at_more() {
    if (watched_.also) watched_.also();
}

}  // namespace mobilytics::server
