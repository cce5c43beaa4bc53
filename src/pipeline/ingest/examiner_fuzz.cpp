// Any bytes as what a sensor sent, twice: every byte is in a report or a refusal, what could be
// named is settled the first time and a duplicate the second, and the ledger adds up.

#include "pipeline/ingest/examiner.h"
#include "pipeline/ingest/settlement.h"

namespace {

using namespace mobilytics;
using namespace mobilytics::ingest;

constexpr Instant kNow{std::chrono::microseconds{1'787'304'600'000'000}};
constexpr std::array<std::uint8_t, 16> kDevice{1, 2,  3,  4,  5,  6,  7,  8,
                                               9, 10, 11, 12, 13, 14, 15, 16};

std::unique_ptr<Parcel> parcel_of(Bytes bytes) {
    static Examiner examiner;  // Reused, as ingest does.
    auto parcel = std::make_unique<Parcel>();
    parcel->sender = DeviceId::from_bytes(kDevice);
    parcel->received_at = kNow;
    parcel->examined = examiner.examine(parcel->sender, bytes);
    return parcel;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::vector<std::unique_ptr<Parcel>> first, second;
    first.push_back(parcel_of({data, size}));
    second.push_back(parcel_of({data, size}));
    std::size_t bytes = 0, named = 0;
    for (const auto& report : first[0]->examined.reports) bytes += report.frame.size();
    for (const auto& refusal : first[0]->examined.refusals) {
        bytes += refusal.bytes.size();
        named += refusal.boot ? 1 : 0;
    }
    VERIFY(bytes == size);
    named += first[0]->examined.reports.size();

    Boots boots;
    for (const auto& key : boots_of(first)) boots.try_emplace(key);
    const auto settled = settle(first, boots, TimePolicy(), kNow);
    std::uint64_t taken = 0;
    for (const auto& [key, boot] : boots) {
        taken += boot.taken.count();
        VERIFY(boot.taken.without(boot.lost) == boot.taken);
        VERIFY(SequenceSet::parse(boot.taken.text()) == boot.taken);
        VERIFY(boot.refused.without(boot.taken).empty());
    }
    VERIFY(taken + static_cast<std::uint64_t>(settled.duplicates) == named);
    for (const auto& row : settled.accepted) {
        VERIFY(row.timing.started <= kNow + TimePolicy().future_max);
    }
    const auto again = settle(second, boots, TimePolicy(), kNow);
    VERIFY(again.accepted.empty() && again.duplicates == static_cast<std::int64_t>(named));
    return 0;
}
