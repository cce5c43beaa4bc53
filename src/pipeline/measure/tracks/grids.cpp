#include "pipeline/measure/tracks/grids.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

namespace mobilytics::measure {

namespace {

/// How far a burst may lie from its grid: so much, and a share of the period a step.
struct Tolerance {
    std::int64_t fixed_us;
    std::int64_t share;  // One of so many.
    std::int64_t at(std::int64_t span_us) const { return fixed_us + span_us / share; }
};
/// The widest first: what finds no third burst in it finds none in the others.
constexpr std::array<Tolerance, 3> kTolerances{
    {{200'000, 1'000}, {50'000, 3'333}, {15'000, 10'000}}};
constexpr int kMissedMax = 4;
constexpr std::size_t kBurstsMax = 64;

constexpr auto log_factorials() {
    std::array<Nats, kMissedMax * kBurstsMax + 2> out{};
    for (std::size_t n = 2; n < out.size(); ++n) out[n] = out[n - 1] + log_of(n);
    return out;
}
constexpr auto kLogFactorial = log_factorials();

Nats log_choose(int of, int some) {
    const auto at = [](int n) { return kLogFactorial[static_cast<std::size_t>(n)]; };
    return at(of) - at(some) - at(of - some);
}
Nats log_count(std::int64_t value) { return log_of(static_cast<std::uint64_t>(value)); }

struct Mark {
    std::int64_t at_us = 0;
    int rssi_dbm = 0;  // 0: not known.
};

/// The bursts on the grid that two of them begin. Thousands of walks are tried for a family:
/// nothing of one is on the heap.
struct Walk {
    std::array<std::uint8_t, kBurstsMax> hits;  // So many as there are.
    std::size_t count = 0;
    int slots = 1;  // From the first to the last.
    std::int64_t period_us = 0;

    void add(std::size_t mark) { hits[count++] = static_cast<std::uint8_t>(mark); }
    std::size_t last() const { return hits[count - 1]; }
};

class Search {
  public:
    Search(std::span<const Burst> bursts, const CountingRules& rules) : rules_(rules) {
        for (const Burst& burst : bursts) marks_.push_back({burst.at_ms * 1'000, burst.rssi_dbm});
    }

    std::vector<Grid> run() {
        while (marks_.size() >= 3) {
            best_score_ = rules_.chance;
            best_.reset();
            for (std::size_t i = 0; i + 1 < marks_.size(); ++i) try_from(i);
            if (!best_) break;
            take_out(*best_);
        }
        return std::move(found_);
    }

  private:
    void try_from(std::size_t i) {
        for (std::size_t j = i + 1; j < marks_.size(); ++j) {
            const std::int64_t period = marks_[j].at_us - marks_[i].at_us;
            if (period < rules_.period_min_us) continue;
            if (period > rules_.period_max_us) break;
            const int a = marks_[i].rssi_dbm;
            const int b = marks_[j].rssi_dbm;
            if (a != 0 && b != 0 && std::abs(a - b) > rules_.coherent_db) continue;
            try_pair(i, j, is_known(period));
        }
    }

    /// A period that was found, its half or its double need not be sought: it needs less.
    bool is_known(std::int64_t period) const {
        const std::int64_t near = 50'000 + period / 1'000;
        return std::any_of(found_.begin(), found_.end(), [&](const Grid& grid) {
            return std::abs(period - grid.period_us) < near ||
                   std::abs(period - 2 * grid.period_us) < near ||
                   std::abs(period - grid.period_us / 2) < near;
        });
    }

    void try_pair(std::size_t i, std::size_t j, bool known) {
        const auto n = static_cast<std::int64_t>(marks_.size());
        for (const Tolerance& tolerance : kTolerances) {
            walked(i, j, tolerance);
            const Walk& walk = walk_;
            // The first two are given; of a known period only the first.
            const int hits = static_cast<int>(walk.count) - (known ? 1 : 2);
            if (hits < (known ? 1 : 2)) return;
            const int slots = known ? walk.slots : walk.slots - 1;
            const Nats tried = known ? log_count(6 * n) : log_count(n * n * 3 / 2);
            const std::int64_t span = marks_[walk.last()].at_us - marks_[i].at_us;
            const auto inside = static_cast<std::int64_t>(walk.last() - i + 1);
            const Nats chance = std::min(
                nats(-0.105361),  // ln 0.9.
                log_count(inside) + log_count(2 * tolerance.at(walk.period_us)) - log_count(span));
            // The first term of the binomial's tail, times what was tried.
            const Nats score = log_choose(slots, hits) + hits * chance + tried;
            if (score < best_score_ || (!best_ && score == best_score_)) {
                best_score_ = score;
                best_ = walk;
            }
        }
    }

    /// Into walk_.
    void walked(std::size_t i, std::size_t j, const Tolerance& tolerance) {
        Walk& out = walk_;
        out.count = 0;
        out.add(i);
        out.add(j);
        out.slots = 1;
        out.period_us = marks_[j].at_us - marks_[i].at_us;
        int level = 128 * (marks_[i].rssi_dbm + marks_[j].rssi_dbm);  // In 1/256 dB.
        std::size_t from = j + 1;
        for (int step = 1; step <= kMissedMax;) {
            const std::int64_t ahead = step * out.period_us;
            const std::int64_t due = marks_[out.last()].at_us + ahead;
            if (due > marks_.back().at_us + tolerance.fixed_us) break;
            const auto pick = nearest(from, due, tolerance.at(ahead), level);
            if (!pick) {
                ++step;
                continue;
            }
            out.add(*pick);
            from = *pick + 1;
            out.slots += step;
            out.period_us = (marks_[*pick].at_us - marks_[i].at_us) / out.slots;
            if (marks_[*pick].rssi_dbm != 0) {
                level += (marks_[*pick].rssi_dbm * 256 - level) * 3 / 10;
            }
            step = 1;
        }
    }

    /// Of those from `from` on, which goes to the first that is not too early: each step asks for
    /// later ones.
    std::optional<std::size_t> nearest(
        std::size_t& from, std::int64_t due, std::int64_t within, int level) const {
        while (from < marks_.size() && marks_[from].at_us < due - within) ++from;
        std::optional<std::size_t> pick;
        for (std::size_t at = from; at < marks_.size() && marks_[at].at_us <= due + within; ++at) {
            const int rssi = marks_[at].rssi_dbm * 256;
            const bool off =
                rssi != 0 && level != 0 && std::abs(rssi - level) > rules_.coherent_db * 256;
            const auto far = [&](std::size_t mark) { return std::abs(marks_[mark].at_us - due); };
            if (!off && (!pick || far(at) < far(*pick))) pick = at;
        }
        return pick;
    }

    void take_out(const Walk& walk) {
        found_.push_back(
            {marks_[walk.hits.front()].at_us, marks_[walk.last()].at_us, walk.period_us,
             static_cast<int>(walk.count)});
        for (std::size_t hit = walk.count; hit-- > 0;) {
            marks_.erase(marks_.begin() + walk.hits[hit]);
        }
    }

    const CountingRules& rules_;
    std::vector<Mark> marks_;
    std::vector<Grid> found_;
    Walk walk_;  // That is tried.
    std::optional<Walk> best_;
    Nats best_score_ = 0;
};

std::span<const Burst> latest_of(std::span<const Burst> bursts, const CountingRules& rules) {
    return bursts.last(std::min({bursts.size(), rules.grid_bursts, kBurstsMax}));
}

bool is_apart(const Grid& a, const Grid& b, std::int64_t near_us) {
    const std::int64_t period = std::min(a.period_us, b.period_us);
    const std::int64_t phase = ((a.first_us - b.first_us) % period + period) % period;
    return std::min(phase, period - phase) >= std::min(near_us, period / 5);
}

}  // namespace

std::vector<Grid> find_grids(std::span<const Burst> bursts, const CountingRules& rules) {
    return Search(latest_of(bursts, rules), rules).run();
}

std::uint64_t grids_most(std::span<const Burst> bursts, const CountingRules& rules) {
    return latest_of(bursts, rules).size() / 2;
}

int grids_at_once(std::span<const Burst> bursts, const CountingRules& rules, FoundGrids& found) {
    std::uint64_t digest = 1;
    for (const Burst& burst : latest_of(bursts, rules)) {
        const auto packed = static_cast<std::uint64_t>(burst.at_ms) << 8 |
                            static_cast<std::uint8_t>(burst.rssi_dbm);
        digest = (digest ^ packed) * 0x9E3779B97F4A7C15U;
        digest ^= digest >> 32;
    }
    if (found.bursts != digest) found = {digest, at_once(find_grids(bursts, rules), rules)};
    return found.at_once;
}

int at_once(std::span<const Grid> grids, const CountingRules& rules) {
    std::vector<Grid> apart;
    for (const Grid& grid : grids) {
        if (std::all_of(apart.begin(), apart.end(), [&](const Grid& other) {
                return is_apart(grid, other, rules.near_us);
            })) {
            apart.push_back(grid);
        }
    }
    std::vector<std::pair<std::int64_t, int>> edges;
    for (const Grid& grid : apart) {
        edges.emplace_back(grid.first_us, 1);
        edges.emplace_back(grid.last_us, -1);
    }
    std::sort(edges.begin(), edges.end());
    int running = 0;
    int most = 0;
    for (const auto& [at, step] : edges) most = std::max(most, running += step);
    return most;
}

}  // namespace mobilytics::measure
