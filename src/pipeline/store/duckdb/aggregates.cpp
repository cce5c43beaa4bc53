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
constexpr std::size_t kEntriesWithoutRegisters = 512;

/// Registers are of a hash already; some of their bits are enough.
std::size_t place_of(std::uint32_t entry, std::size_t mask) {
    return (entry >> kRankBits) * std::size_t{0x9E3779B1} >> 8 & mask;
}

}  // namespace

bool ReachAccumulator::add(duckdb::Blob blob) {
    const auto bytes = blob.bytes;
    if (bytes.size() == 1 + ReachSketch::kRegisters && bytes.front() == kLargeMark) {
        unite_registers(bytes.data() + 1);
        return true;
    }
    if (bytes.empty() || bytes.front() != kSmallMark) return false;
    if ((bytes.size() - 1) % kEntryBytes != 0) return false;
    for (std::size_t at = 1; at < bytes.size(); at += kEntryBytes) {
        std::uint32_t entry = 0;
        std::memcpy(&entry, bytes.data() + at, kEntryBytes);
        if (entry == 0 || entry >= kEntryEnd) return false;
        if (!registers_.empty()) fold(entry);
        if (!is_large()) insert(entry);
    }
    return true;
}

void ReachAccumulator::insert(std::uint32_t entry) {
    if (2 * (entries_ + 1) > table_.size()) grow();
    const std::size_t mask = table_.size() - 1;
    for (std::size_t at = place_of(entry, mask);; at = (at + 1) & mask) {
        if (table_[at] == 0) {
            table_[at] = entry;
            break;
        }
        if (table_[at] >> kRankBits == entry >> kRankBits) {
            table_[at] = std::max(table_[at], entry);
            return;
        }
    }
    if (++entries_ > kEntriesWithoutRegisters && registers_.empty()) make_registers();
    if (is_large()) table_ = {};
}

/// What an entry says to its register of a large sketch: S. Heule et al., 2013, section 5.3.
void ReachAccumulator::fold(std::uint32_t entry) {
    const std::uint32_t low = entry >> kRankBits & ((1U << kFoldBits) - 1);
    const std::uint32_t rank =
        low != 0 ? static_cast<std::uint32_t>(std::countl_zero(low)) - (32 - kFoldBits) + 1
                 : kFoldBits + (entry & kRankMask);
    auto& at = registers_[entry >> (kRankBits + kFoldBits)];
    at = std::max(at, static_cast<std::uint8_t>(rank));
}

void ReachAccumulator::make_registers() {
    registers_.assign(ReachSketch::kRegisters, 0);
    for (const auto entry : table_) {
        if (entry != 0) fold(entry);
    }
}

void ReachAccumulator::unite_registers(const char* registers) {
    if (registers_.empty()) make_registers();
    for (std::size_t i = 0; i < ReachSketch::kRegisters; ++i) {
        registers_[i] = std::max(registers_[i], static_cast<std::uint8_t>(registers[i]));
    }
    entries_ = ReachSketch::kSparseMax + 1;
    table_ = {};
}

void ReachAccumulator::grow() {
    const auto before = std::exchange(table_, {});
    table_.assign(std::max<std::size_t>(64, 4 * before.size()), 0);
    const std::size_t mask = table_.size() - 1;
    for (const auto entry : before) {
        if (entry == 0) continue;
        auto at = place_of(entry, mask);
        while (table_[at] != 0) at = (at + 1) & mask;
        table_[at] = entry;
    }
}

void ReachAccumulator::unite(ReachAccumulator&& other) {
    if (other.is_large()) {
        unite_registers(reinterpret_cast<const char*>(other.registers_.data()));
        return;
    }
    for (const auto entry : other.table_) {
        if (entry == 0) continue;
        if (!registers_.empty()) fold(entry);
        if (!is_large()) insert(entry);
    }
}

ReachSketch ReachAccumulator::sketch() const {
    std::string bytes;
    if (is_large()) {
        bytes = kLargeMark;
        bytes.append(reinterpret_cast<const char*>(registers_.data()), registers_.size());
    } else {
        std::vector<std::uint32_t> entries;
        entries.reserve(entries_);
        std::ranges::copy_if(
            table_, std::back_inserter(entries), [](std::uint32_t entry) { return entry != 0; });
        std::ranges::sort(entries);
        bytes.resize(1 + entries.size() * kEntryBytes, kSmallMark);
        if (!entries.empty()) std::memcpy(bytes.data() + 1, entries.data(), bytes.size() - 1);
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
