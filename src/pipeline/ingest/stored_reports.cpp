#include "pipeline/ingest/stored_reports.h"

#include <charconv>

#include "pipeline/ingest/herald.h"

namespace mobilytics::ingest {

namespace {

constexpr pg::Query kReadAfter{"ingest.read_after", R"sql(
    SELECT transaction, number, company_id, received_at, started, time_uncertain,
           array_to_string(moved_from, ',') AS moved_from, frame
    FROM ingest.report
    WHERE (transaction, number) > ($1::xid8, $2::bigint)
      AND transaction < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY transaction, number
    LIMIT $3
)sql"};

constexpr pg::Query kReadAgain{"ingest.read_again", R"sql(
    SELECT transaction, number, company_id, received_at, started, time_uncertain,
           array_to_string(moved_from, ',') AS moved_from, frame
    FROM ingest.report
    WHERE device_id = ANY ($1::uuid[]) AND started >= $2 AND started < $3
      AND (transaction, number) <= ($4::xid8, $5::bigint)
    ORDER BY started, device_id, boot_id, seq
)sql"};

std::vector<Instant> instants_of(std::string_view text) {
    std::vector<Instant> out;
    while (!text.empty()) {
        std::int64_t micros = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), micros);
        VERIFY(read.ec == std::errc());
        out.emplace_back(std::chrono::microseconds(micros));
        text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
        if (!text.empty()) text.remove_prefix(1);  // The comma.
    }
    return out;
}

AcceptedReport report_from(const pg::Row& row) {
    AcceptedReport out;
    out.position = {row.get<std::uint64_t>("transaction"), row.get<std::uint64_t>("number")};
    out.company = row.get<CompanyId>("company_id");
    out.received_at = row.get<Instant>("received_at");
    out.started = row.get<Instant>("started");
    out.time_uncertain = row.get<bool>("time_uncertain");
    if (const auto moved = row.optional<std::string>("moved_from")) {
        out.moved_from = instants_of(*moved);
    }
    wire::EnvelopeReader reader(row.bytes("frame"));
    const auto frame = reader.next();
    // It was checked before it was kept: what is otherwise now was damaged on the disk.
    if (!frame || wire::decode(*frame, out.report)) {
        throw std::runtime_error("an accepted report cannot be read any more");
    }
    return out;
}

}  // namespace

StoredReports::StoredReports(pg::SystemPool& pool, pg::Address address)
    : pool_(pool), listener_(std::move(address), {kAcceptedChannel}) {}

std::vector<AcceptedReport> StoredReports::read_after(
    StreamPosition after, std::size_t reports_max) {
    auto tx = pool_.begin();
    return tx.run_binary(kReadAfter, after.transaction, after.number, reports_max).all(report_from);
}

std::vector<AcceptedReport> StoredReports::read_again(
    std::span<const DeviceId> devices, Instant from, Instant to, StreamPosition up_to) {
    auto tx = pool_.begin();
    const std::vector<DeviceId> ids(devices.begin(), devices.end());
    return tx.run_binary(kReadAgain, ids, from, to, up_to.transaction, up_to.number)
        .all(report_from);
}

void StoredReports::wait_for_more(std::chrono::milliseconds wait_max) { listener_.wait(wait_max); }

void StoredReports::stop() { listener_.stop(); }

}  // namespace mobilytics::ingest
