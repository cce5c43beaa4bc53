#include "pipeline/store/duckdb/aggregates.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace mobilytics::store {

namespace {

using measure::ReachSketch;

// As ReachSketch::bytes() has it: a mark, then entries of 4 bytes, register << 6 | rank, of a small
// sketch; or a rank a register, of a large one.
constexpr char kSmallMark = 1;
constexpr char kLargeMark = 2;
constexpr std::size_t kEntryBytes = sizeof(std::uint32_t);
constexpr int kRankBits = 6;
constexpr std::uint32_t kRankMask = (1U << kRankBits) - 1;
constexpr std::uint32_t kEntryEnd = 1U << (ReachSketch::kSparsePrecision + kRankBits);
constexpr int kFoldBits = ReachSketch::kSparsePrecision - ReachSketch::kPrecision;
constexpr std::uint32_t kFoldMask = (1U << kFoldBits) - 1;
// Gathered before those that are there twice are taken out: half of it is free again then, or else
// the sketch is large.
constexpr std::size_t kEntriesMax = 2 * ReachSketch::kSparseMax;

std::uint32_t entry_at(const char* bytes, std::size_t number) {
    std::uint32_t entry = 0;
    std::memcpy(&entry, bytes + number * kEntryBytes, kEntryBytes);
    return entry;
}

bool is_entry(std::uint32_t entry) { return entry - 1 < kEntryEnd - 1; }

/// What entries say to the registers of a large sketch: S. Heule et al., 2013, section 5.3. Of what
/// is no entry, something, but in its place.
void fold(const char* bytes, std::size_t count, std::uint8_t* registers) {
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t entry = entry_at(bytes, i);
        const std::uint32_t low = entry >> kRankBits & kFoldMask;
        const auto rank = static_cast<std::uint8_t>(
            low != 0 ? static_cast<std::uint32_t>(std::countl_zero(low)) - (32 - kFoldBits) + 1
                     : kFoldBits + (entry & kRankMask));
        auto& at = registers[entry >> (kRankBits + kFoldBits) & (ReachSketch::kRegisters - 1)];
        if (rank > at) [[unlikely]]
            at = rank;  // Of many sketches, most say nothing new.
    }
}

/// Of each register the highest entry, in no order; more than a small sketch has, when there are
/// more.
std::vector<std::uint32_t> each_once(const std::vector<std::uint32_t>& entries) {
    constexpr int kPlaceBits = 14;
    static_assert(std::size_t{1} << kPlaceBits >= 2 * kEntriesMax);
    std::array<std::uint32_t, std::size_t{1} << kPlaceBits> table{};  // 0 is a free place.
    std::vector<std::size_t> taken;
    taken.reserve(ReachSketch::kSparseMax + 1);
    for (const auto entry : entries) {
        // Registers are of a hash already; some of their bits are enough.
        std::size_t at = (entry >> kRankBits) * 0x9E3779B1U >> (32 - kPlaceBits);
        while (table[at] != 0 && table[at] >> kRankBits != entry >> kRankBits) {
            at = (at + 1) % table.size();
        }
        if (table[at] == 0) {
            if (taken.size() > ReachSketch::kSparseMax) break;
            taken.push_back(at);
        }
        table[at] = std::max(table[at], entry);
    }
    std::vector<std::uint32_t> out;
    out.reserve(kEntriesMax);
    for (const auto at : taken) out.push_back(table[at]);
    return out;
}

}  // namespace

bool ReachAccumulator::add(duckdb::Blob blob) {
    const auto bytes = blob.bytes;
    if (bytes.size() == 1 + ReachSketch::kRegisters && bytes.front() == kLargeMark) {
        unite_registers(bytes.data() + 1);
        return true;
    }
    if (bytes.empty() || bytes.front() != kSmallMark) return false;
    const auto count = (bytes.size() - 1) / kEntryBytes;
    if ((bytes.size() - 1) % kEntryBytes != 0 || count > ReachSketch::kSparseMax) return false;
    return add_entries(bytes.data() + 1, count);
}

bool ReachAccumulator::add_entries(const char* bytes, std::size_t count) {
    bool good = true;
    for (std::size_t i = 0; i < count; ++i) good &= is_entry(entry_at(bytes, i));
    if (!good) return false;
    if (!is_large() && entries_.size() + count > kEntriesMax) thin();
    if (is_large()) {
        fold(bytes, count, registers_.data());
    } else if (count > 0) {
        const auto before = entries_.size();
        entries_.resize(before + count);
        std::memcpy(entries_.data() + before, bytes, count * kEntryBytes);
    }
    return true;
}

/// Afterwards there is room for a small sketch.
void ReachAccumulator::thin() {
    auto once = each_once(entries_);
    if (once.size() > ReachSketch::kSparseMax) {
        make_large();
    } else {
        entries_ = std::move(once);
    }
}

void ReachAccumulator::make_large() {
    registers_.assign(ReachSketch::kRegisters, 0);
    fold(reinterpret_cast<const char*>(entries_.data()), entries_.size(), registers_.data());
    entries_ = {};
}

void ReachAccumulator::unite_registers(const char* registers) {
    if (!is_large()) make_large();
    auto* mine = registers_.data();
    for (std::size_t i = 0; i < ReachSketch::kRegisters; ++i) {
        mine[i] = std::max(mine[i], static_cast<std::uint8_t>(registers[i]));
    }
}

void ReachAccumulator::unite(ReachAccumulator&& other) {
    if (other.is_large()) {
        unite_registers(reinterpret_cast<const char*>(other.registers_.data()));
        return;
    }
    // As much as a small sketch has fits each time.
    const auto* bytes = reinterpret_cast<const char*>(other.entries_.data());
    for (std::size_t at = 0; at < other.entries_.size(); at += ReachSketch::kSparseMax) {
        const auto count = std::min(ReachSketch::kSparseMax, other.entries_.size() - at);
        add_entries(bytes + at * kEntryBytes, count);
    }
}

ReachSketch ReachAccumulator::sketch() const {
    std::string bytes;
    auto once = is_large() ? entries_ : each_once(entries_);
    if (once.size() > ReachSketch::kSparseMax) {
        ReachAccumulator large;
        large.entries_ = entries_;
        large.make_large();
        return large.sketch();
    }
    if (is_large()) {
        bytes = kLargeMark;
        bytes.append(reinterpret_cast<const char*>(registers_.data()), registers_.size());
    } else {
        std::ranges::sort(once);
        bytes.resize(1 + once.size() * kEntryBytes, kSmallMark);
        if (!once.empty()) std::memcpy(bytes.data() + 1, once.data(), bytes.size() - 1);
    }
    auto out = ReachSketch::from_bytes(bytes);
    VERIFY(out);
    return *std::move(out);
}

bool FrequencyBins::add(std::uint64_t device) {
    if (parts_.empty()) parts_.resize(std::size_t{1} << kPartBits);
    parts_[device >> (64 - kPartBits)].push_back(device);
    return true;
}

void FrequencyBins::unite(FrequencyBins&& other) {
    if (other.parts_.empty()) return;
    if (parts_.empty()) {
        parts_ = std::move(other.parts_);
        return;
    }
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        parts_[i].insert(parts_[i].end(), other.parts_[i].begin(), other.parts_[i].end());
        other.parts_[i] = {};
    }
}

std::string FrequencyBins::finish() {
    std::array<std::int64_t, kFrequencyBins + 1> out{};
    std::vector<std::pair<std::uint64_t, std::int64_t>> table;  // A count of 0 is a free place.
    for (auto& part : parts_) {
        const auto size = std::bit_ceil(2 * part.size() + 1);
        table.assign(size, {0, 0});
        for (const auto device : part) {
            auto at = device & (size - 1);
            while (table[at].second != 0 && table[at].first != device) at = (at + 1) & (size - 1);
            table[at].first = device;
            ++table[at].second;
        }
        for (const auto& [device, count] : table) {
            if (count == 0) continue;
            ++out[static_cast<std::size_t>(std::min<std::int64_t>(count, kFrequencyBins) - 1)];
            out.back() += count;
        }
        part = {};
    }
    return {reinterpret_cast<const char*>(out.data()), sizeof out};
}

void register_aggregates(duckdb::Connection& connection) {
    duckdb::Aggregate<ReachUnion>::register_as(connection, "reach_union");
    duckdb::Aggregate<ReachCount>::register_as(connection, "reach_count");
    duckdb::Aggregate<FrequencyBins>::register_as(connection, "frequency_bins");
}

}  // namespace mobilytics::store
