#include "pipeline/measure/reach_sketch.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>

namespace mobilytics::measure {

static_assert(std::endian::native == std::endian::little, "bytes() writes entries as they lie");

namespace {

constexpr char kSparseMark = 1;
constexpr char kDenseMark = 2;
constexpr int kRankBits = 6;
constexpr std::uint32_t kRankMask = (1U << kRankBits) - 1;
constexpr int kFoldBits = ReachSketch::kSparsePrecision - ReachSketch::kPrecision;
constexpr std::uint32_t kFoldMask = (1U << kFoldBits) - 1;
constexpr int kSparseRankMax = 64 - ReachSketch::kSparsePrecision + 1;
constexpr int kRankMax = 64 - ReachSketch::kPrecision + 1;

/// The finalizer of splitmix64 (S. Vigna). Stored sketches depend on it: it never changes.
constexpr std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31);
}

constexpr std::uint32_t index_of(std::uint32_t entry) { return entry >> kRankBits; }

/// Ertl's sigma: what empty registers stand for.
double sigma(double x) {
    if (x == 1.0) return std::numeric_limits<double>::infinity();
    double y = 1.0;
    double z = x;
    double before = 0.0;
    do {
        x *= x;
        before = z;
        z += x * y;
        y += y;
    } while (z != before);
    return z;
}

/// Ertl's tau: what full registers stand for.
double tau(double x) {
    if (x == 0.0 || x == 1.0) return 0.0;
    double y = 1.0;
    double z = 1.0 - x;
    double before = 0.0;
    do {
        x = std::sqrt(x);
        before = z;
        y *= 0.5;
        z -= (1.0 - x) * (1.0 - x) * y;
    } while (z != before);
    return z / 3.0;
}

/// The entries in `bytes` behind the mark; wherever they lie in memory.
std::uint32_t entry_at(std::string_view bytes, std::size_t number) {
    std::uint32_t entry = 0;
    std::memcpy(&entry, bytes.data() + 1 + number * sizeof entry, sizeof entry);
    return entry;
}

bool is_sparse(std::string_view bytes) {
    if ((bytes.size() - 1) % sizeof(std::uint32_t) != 0) return false;
    const std::size_t count = (bytes.size() - 1) / sizeof(std::uint32_t);
    if (count > ReachSketch::kSparseMax) return false;
    bool good = true;
    std::uint32_t least = 0;  // Of the next index, plus none.
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t entry = entry_at(bytes, i);
        const std::uint32_t rank = entry & kRankMask;
        good &= index_of(entry) >= least && rank >= 1 && rank <= kSparseRankMax;
        least = index_of(entry) + 1;
    }
    return good && least <= 1U << ReachSketch::kSparsePrecision;
}

bool is_dense(std::string_view bytes) {
    if (bytes.size() != 1 + ReachSketch::kRegisters) return false;
    std::uint8_t most = 0;
    for (const char rank : bytes.substr(1)) most = std::max(most, static_cast<std::uint8_t>(rank));
    return most >= 1 && most <= kRankMax;
}

}  // namespace

std::uint32_t ReachSketch::entry_of(std::uint64_t epoch, std::uint64_t pseudonym) {
    const std::uint64_t hash = mixed(pseudonym + mixed(epoch + 0x9E3779B97F4A7C15U));
    const auto index = static_cast<std::uint32_t>(hash >> (64 - kSparsePrecision));
    const int zeros = std::countl_zero(hash << kSparsePrecision);
    const int rank = std::min(zeros + 1, kSparseRankMax);
    return index << kRankBits | static_cast<std::uint32_t>(rank);
}

void ReachSketch::add_sorted(std::span<const std::uint64_t> entries) {
    std::vector<std::uint32_t> once;  // Of a register the highest rank, which comes last.
    once.reserve(entries.size());
    for (const std::uint64_t number : entries) {
        const auto entry = static_cast<std::uint32_t>(number);
        if (!once.empty() && index_of(once.back()) == index_of(entry)) {
            once.back() = entry;
        } else {
            once.push_back(entry);
        }
    }
    if (!empty() || once.size() > kSparseMax) return unite_sparse(once);
    sparse_ = std::move(once);
}

void ReachSketch::add(std::uint64_t epoch, std::uint64_t pseudonym) {
    insert(entry_of(epoch, pseudonym));
}

void ReachSketch::insert(std::uint32_t entry) {
    if (!dense_.empty()) return fold({&entry, 1});
    const auto at = std::lower_bound(
        sparse_.begin(), sparse_.end(), entry,
        [](std::uint32_t a, std::uint32_t b) { return index_of(a) < index_of(b); });
    if (at != sparse_.end() && index_of(*at) == index_of(entry)) {
        *at = std::max(*at, entry);
        return;
    }
    sparse_.insert(at, entry);
    if (sparse_.size() > kSparseMax) make_dense();
}

/// Of a register of 2^25, what it says to its register of 2^14.
void ReachSketch::fold(std::span<const std::uint32_t> entries) {
    std::uint8_t* registers = dense_.data();
    for (const std::uint32_t entry : entries) {
        const std::uint32_t low = index_of(entry) & kFoldMask;
        const auto zeros = static_cast<std::uint32_t>(std::countl_zero(low)) - (32 - kFoldBits);
        const std::uint32_t rank = low != 0 ? zeros + 1 : kFoldBits + (entry & kRankMask);
        std::uint8_t& at = registers[index_of(entry) >> kFoldBits];
        at = std::max(at, static_cast<std::uint8_t>(rank));
    }
}

void ReachSketch::make_dense() {
    dense_.assign(kRegisters, 0);
    fold(sparse_);
    sparse_ = {};
}

void ReachSketch::unite_dense(std::span<const std::uint8_t> registers) {
    if (dense_.empty()) make_dense();
    std::uint8_t* mine = dense_.data();
    for (std::size_t i = 0; i < kRegisters; ++i) mine[i] = std::max(mine[i], registers[i]);
}

void ReachSketch::unite_sparse(std::span<const std::uint32_t> entries) {
    if (!dense_.empty()) return fold(entries);
    // A search that doubles its steps: unions of many small ones that overlap are common.
    std::vector<std::uint32_t> fresh;
    std::size_t from = 0;
    for (const std::uint32_t entry : entries) {
        std::size_t step = 1;
        while (from + step < sparse_.size() && index_of(sparse_[from + step]) < index_of(entry)) {
            from += step;
            step *= 2;
        }
        const std::size_t to = std::min(from + step + 1, sparse_.size());
        const auto at = std::lower_bound(
            sparse_.begin() + static_cast<std::ptrdiff_t>(from),
            sparse_.begin() + static_cast<std::ptrdiff_t>(to), entry,
            [](std::uint32_t a, std::uint32_t b) { return index_of(a) < index_of(b); });
        from = static_cast<std::size_t>(at - sparse_.begin());
        if (at != sparse_.end() && index_of(*at) == index_of(entry)) {
            *at = std::max(*at, entry);
        } else {
            fresh.push_back(entry);
        }
    }
    if (fresh.empty()) return;
    std::size_t mine = sparse_.size();
    sparse_.resize(mine + fresh.size());
    for (std::size_t at = sparse_.size(); !fresh.empty();) {  // Merges from the back, in place.
        if (mine > 0 && sparse_[mine - 1] > fresh.back()) {
            sparse_[--at] = sparse_[--mine];
        } else {
            sparse_[--at] = fresh.back();
            fresh.pop_back();
        }
    }
    if (sparse_.size() > kSparseMax) make_dense();
}

void ReachSketch::unite(const ReachSketch& other) {
    if (!other.dense_.empty()) return unite_dense(other.dense_);
    unite_sparse(other.sparse_);
}

bool ReachSketch::unite(std::string_view bytes) {
    if (bytes.empty()) return false;
    if (bytes.front() == kDenseMark && is_dense(bytes)) {
        const auto* registers = reinterpret_cast<const std::uint8_t*>(bytes.data()) + 1;
        unite_dense({registers, kRegisters});
        return true;
    }
    if (bytes.front() != kSparseMark || !is_sparse(bytes)) return false;
    const std::size_t count = (bytes.size() - 1) / sizeof(std::uint32_t);
    if (count == 0) return true;
    if (empty()) {
        sparse_.resize(count);
        std::memcpy(sparse_.data(), bytes.data() + 1, bytes.size() - 1);
        return true;
    }
    // Behind the mark the entries need not lie where a word may: a piece at a time is copied.
    std::array<std::uint32_t, 256> piece;
    for (std::size_t i = 0; i < count; i += piece.size()) {
        const std::size_t taken = std::min(piece.size(), count - i);
        std::memcpy(piece.data(), bytes.data() + 1 + i * sizeof piece[0], taken * sizeof piece[0]);
        unite_sparse(std::span(piece).first(taken));
    }
    return true;
}

double ReachSketch::estimate() const {
    if (dense_.empty()) {
        // Linear counting: what is in a list of 2^25 hardly ever meets.
        constexpr double kSparseRegisters = 1U << kSparsePrecision;
        return -kSparseRegisters * std::log1p(-double(sparse_.size()) / kSparseRegisters);
    }
    // Counted four times apart: most ranks are alike, and one count would wait for the other.
    std::array<std::array<int, kRankMax + 1>, 4> apart{};
    for (std::size_t i = 0; i < kRegisters; i += 4) {
        for (std::size_t part = 0; part < 4; ++part) ++apart[part][dense_[i + part]];
    }
    auto counts = apart[0];
    for (std::size_t part = 1; part < 4; ++part) {
        std::ranges::transform(counts, apart[part], counts.begin(), std::plus());
    }
    constexpr auto kCount = double(kRegisters);
    double z = kCount * tau(1.0 - counts[kRankMax] / kCount);
    for (int rank = kRankMax - 1; rank >= 1; --rank) {
        z = 0.5 * (z + counts[static_cast<std::size_t>(rank)]);
    }
    z += kCount * sigma(counts[0] / kCount);
    return kCount * kCount / (2.0 * std::log(2.0) * z);
}

std::string ReachSketch::bytes() const {
    std::string out;
    if (dense_.empty()) {
        out.resize(1 + sparse_.size() * sizeof(std::uint32_t));
        out[0] = kSparseMark;
        if (!sparse_.empty()) std::memcpy(out.data() + 1, sparse_.data(), out.size() - 1);
    } else {
        out.resize(1 + kRegisters);
        out[0] = kDenseMark;
        std::memcpy(out.data() + 1, dense_.data(), kRegisters);
    }
    return out;
}

std::optional<ReachSketch> ReachSketch::from_bytes(std::string_view bytes) {
    ReachSketch out;
    if (!out.unite(bytes)) return std::nullopt;
    return out;
}

}  // namespace mobilytics::measure
