#include "domains/calibration/counting_rules.h"

#include <algorithm>
#include <map>
#include <set>

namespace mobilytics::calibration {

namespace {

using std::chrono::microseconds;

constexpr std::chrono::hours kTotalMax{24};

tl::unexpected<Error> faulty(std::string code, std::string message, std::vector<Fault> faults) {
    return tl::unexpected(
        Error{ErrorKind::invalid, std::move(code), std::move(message), std::move(faults)});
}

std::string place(const char* list, std::size_t index, const char* field) {
    return "/" + std::string(list) + "/" + std::to_string(index) + "/" + field;
}

/// How many are present from `at` on.
struct Step {
    Instant at;
    double people = 0;
};

bool within(const Count& count, Instant at) {
    return at >= count.begun_at && (!count.ended_at || at <= *count.ended_at);
}

std::set<std::string> undone_of(const Ledger& ledger) {
    std::set<std::string> out;
    for (const auto& [tap, counter] : ledger.taps) {
        if (tap.undoes) out.insert(*tap.undoes);
    }
    return out;
}

/// Those that count, in an order that is the same however they came.
std::vector<const NewTap*> counted(const Count& count, const Ledger& ledger) {
    const auto undone = undone_of(ledger);
    std::vector<const NewTap*> out;
    for (const auto& [tap, counter] : ledger.taps) {
        if (tap.kind == TapKind::undo || undone.contains(tap.id)) continue;
        if (within(count, tap.at)) out.push_back(&tap);
    }
    std::ranges::sort(out, {}, [](const NewTap* tap) {
        return std::tuple(tap->at, tap->kind, std::string_view(tap->id));
    });
    return out;
}

std::vector<Step> steps_of(const Count& count, const Ledger& ledger) {
    auto corrections = ledger.corrections;
    std::ranges::sort(corrections, {}, &Correction::at);
    std::vector<Step> out{{count.begun_at, static_cast<double>(count.start_occupancy)}};
    auto next = corrections.begin();
    const auto correct_until = [&](Instant at) {
        for (; next != corrections.end() && next->at < at; ++next) {
            if (!within(count, next->at)) continue;
            out.push_back({next->at, static_cast<double>(next->occupancy)});
        }
    };
    for (const auto* tap : counted(count, ledger)) {
        correct_until(tap->at);
        out.push_back({tap->at, out.back().people + (tap->kind == TapKind::in ? 1 : -1)});
    }
    correct_until(Instant::max());
    return out;
}

/// Up to when something is known.
Instant end_of(const Count& count, const std::vector<Step>& steps) {
    return count.ended_at.value_or(steps.back().at);
}

/// People times how long they were there, by quarter.
class Quarters {
  public:
    void add(Instant from, Instant to, double people) {
        while (from < to) {
            const auto start =
                std::chrono::floor<std::chrono::minutes>(from) -
                (std::chrono::floor<std::chrono::minutes>(from).time_since_epoch() % kQuarter);
            const auto until = std::min<Instant>(to, start + kQuarter);
            auto& [sum, covered] = sums_[start];
            sum += people * static_cast<double>((until - from).count());
            covered += until - from;
            from = until;
        }
    }
    std::vector<Quarter> counted() const {
        std::vector<Quarter> out;
        for (const auto& [start, sum] : sums_) {
            if (sum.second * 2 < kQuarter) continue;
            const auto covered = static_cast<double>(sum.second.count());
            out.push_back({start, sum.first / covered, covered / 1e6});
        }
        return out;
    }

  private:
    std::map<Instant, std::pair<double, microseconds>> sums_;
};

}  // namespace

Result<Count> begun(const NewCount& wanted, const Caller& caller, Instant now) {
    std::vector<Fault> faults;
    if (wanted.begun_at && *wanted.begun_at > now + kAheadMax) {
        faults.push_back({"/begun_at", "lies in the future: check the clock of the phone"});
    }
    if (wanted.begun_at && *wanted.begun_at < now - kCountMax) {
        faults.push_back({"/begun_at", "is longer than 31 days ago: enter totals instead"});
    }
    if (wanted.way == Way::totals && wanted.start_occupancy) {
        faults.push_back({"/start_occupancy", "is of taps: totals say how many were there"});
    }
    if (!faults.empty()) return faulty("bad_count", "this count has faults", std::move(faults));
    Count out;
    out.id = CountId::fresh(now);
    out.asset_id = wanted.asset_id;
    out.way = wanted.way;
    out.begun_at = wanted.begun_at.value_or(now);
    out.start_occupancy = wanted.start_occupancy.value_or(0);
    out.people = static_cast<double>(out.start_occupancy);
    out.lowest = out.people;
    out.note = wanted.note;
    out.begun_by = caller.actor();
    out.changed_at = now;
    return out;
}

Result<> sound(const TapBatch& batch, Instant now) {
    std::vector<Fault> faults;
    std::set<std::string> ids;
    for (std::size_t i = 0; i < batch.taps.size(); ++i) {
        const auto& tap = batch.taps[i];
        if (tap.at > now + kAheadMax) {
            faults.push_back(
                {place("taps", i, "at"), "lies in the future: check the clock of the phone"});
        }
        if ((tap.kind == TapKind::undo) != tap.undoes.has_value()) {
            faults.push_back(
                {place("taps", i, "undoes"), "is to be there of an undo, and only then"});
        }
        if (!ids.insert(tap.id).second) {
            faults.push_back({place("taps", i, "id"), "is there twice"});
        }
    }
    if (faults.empty()) return {};
    return faulty("bad_taps", "these taps have faults", std::move(faults));
}

Result<std::vector<Total>> sound(NewTotals wanted, Instant now) {
    std::vector<Fault> faults;
    std::vector<std::size_t> order(wanted.totals.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = i;
        const auto& total = wanted.totals[i];
        if (total.to <= total.from) {
            faults.push_back({place("totals", i, "to"), "is to be later than from"});
        } else if (total.to - total.from > kTotalMax) {
            faults.push_back({place("totals", i, "to"), "is to be at most 24 h later than from"});
        } else if (total.to > now) {
            faults.push_back({place("totals", i, "to"), "lies in the future"});
        }
    }
    std::ranges::sort(order, {}, [&](std::size_t i) { return wanted.totals[i].from; });
    std::vector<Total> out;
    for (const auto i : order) {
        if (!out.empty() && out.back().to > wanted.totals[i].from) {
            faults.push_back({place("totals", i, "from"), "lies in another interval"});
        }
        out.push_back(wanted.totals[i]);
    }
    if (faults.empty() && !out.empty() && out.back().to - out.front().from > kCountMax) {
        faults.push_back({"/totals", "span more than 31 days: make two counts of them"});
    }
    if (!faults.empty()) return faulty("bad_totals", "these totals have faults", std::move(faults));
    return out;
}

Result<> sound(const NewCorrection& wanted, const Count& count, Instant now) {
    if (within(count, wanted.at) && wanted.at <= now + kAheadMax) return {};
    return faulty(
        "bad_correction", "this correction has faults", {{"/at", "does not lie within the count"}});
}

Result<Count> ended(Count count, Instant at, Instant now) {
    if (count.state == CountState::dismissed) {
        return fail(ErrorKind::conflict, "dismissed", "this count was dismissed");
    }
    if (count.state == CountState::ended) {
        return fail(ErrorKind::conflict, "ended", "this count has ended already");
    }
    if (at <= count.begun_at || at > now + kAheadMax || at - count.begun_at > kCountMax) {
        return faulty(
            "bad_ending", "this ending has faults",
            {{"/ended_at", "is to be after the beginning, by 31 days at most, and not to come"}});
    }
    count.state = CountState::ended;
    count.ended_at = at;
    return count;
}

Result<Count> dismissed(Count count, const std::string& reason) {
    if (count.state == CountState::dismissed) {
        return fail(ErrorKind::conflict, "dismissed", "this count was dismissed already");
    }
    count.state = CountState::dismissed;
    count.reason = reason;
    return count;
}

Result<Count> restored(Count count) {
    if (count.state != CountState::dismissed) {
        return fail(
            ErrorKind::conflict, "not_dismissed", "only a count that was dismissed is restored");
    }
    count.state = count.ended_at ? CountState::ended : CountState::counting;
    count.reason.reset();
    return count;
}

Count summed(Count count, const Ledger& ledger) {
    const auto undone = undone_of(ledger);
    count.taps = count.undone = count.outside = 0;
    std::map<std::string, Counter> counters;
    for (const auto& [tap, name] : ledger.taps) {
        if (tap.kind == TapKind::undo) continue;
        auto& counter = counters[name];
        counter.name = name;
        counter.last_at = std::max(counter.last_at, tap.at);
        if (undone.contains(tap.id)) {
            ++count.undone;
            continue;
        }
        ++counter.taps;
        ++count.taps;
        if (!within(count, tap.at)) ++count.outside;
    }
    count.counters.clear();
    for (auto& [name, counter] : counters) count.counters.push_back(std::move(counter));
    const auto steps = steps_of(count, ledger);
    count.people = steps.back().people;
    count.lowest = std::ranges::min_element(steps, {}, &Step::people)->people;
    return count;
}

Count summed(Count count, std::span<const Total> totals) {
    count.state = totals.empty() ? CountState::counting : CountState::ended;
    count.people = count.lowest = totals.empty() ? 0 : totals.back().people;
    count.ended_at.reset();
    if (totals.empty()) return count;
    count.begun_at = totals.front().from;
    count.ended_at = totals.back().to;
    count.lowest = std::ranges::min_element(totals, {}, &Total::people)->people;
    return count;
}

std::vector<Quarter> quarters_of(const Count& count, const Ledger& ledger) {
    const auto steps = steps_of(count, ledger);
    const auto end = end_of(count, steps);
    Quarters out;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const auto until = i + 1 < steps.size() ? std::min(steps[i + 1].at, end) : end;
        out.add(steps[i].at, until, std::max(0.0, steps[i].people));
    }
    return out.counted();
}

std::vector<Quarter> quarters_of(std::span<const Total> totals) {
    Quarters out;
    for (const auto& total : totals) out.add(total.from, total.to, total.people);
    return out.counted();
}

}  // namespace mobilytics::calibration
