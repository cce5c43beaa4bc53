#include "apps/accuracy/perturbed.h"

#include <algorithm>
#include <limits>

namespace mobilytics::accuracy {

namespace {

constexpr std::int64_t kBurstGapMs = 2'000;
constexpr std::size_t kForms = 55;

/// In [0, 1), the same for a device always.
double lot_of(const std::string& what, const std::string& name) {
    return static_cast<double>(hash_of(what + name) >> 11) * 0x1p-53;
}

/// Calls for each frame, and says whether a burst begins.
void each(Rows& rows, const std::function<void(Heard&, bool)>& work) {
    std::int64_t last_ms = std::numeric_limits<std::int64_t>::min() / 2;
    for (Heard& heard : rows) {
        const bool begins = heard.at_ms - last_ms > kBurstGapMs;
        last_ms = heard.at_ms;
        work(heard, begins);
    }
}

}  // namespace

Change with_loss(double share) {
    return [share](Rows& rows, const std::string&, Chance& chance) {
        std::erase_if(rows, [&](const Heard&) { return chance.uniform() < share; });
    };
}

Change without_numbers() {
    return [](Rows& rows, const std::string&, Chance&) {
        for (Heard& heard : rows) heard.sequence = -1;
    };
}

Change without_strength() {
    return [](Rows& rows, const std::string&, Chance&) {
        for (Heard& heard : rows) heard.rssi_dbm = 0;
    };
}

Change with_jitter(std::int64_t most_ms) {
    return [most_ms](Rows& rows, const std::string&, Chance& chance) {
        for (Heard& heard : rows) {
            const auto span = static_cast<std::size_t>(2 * most_ms + 1);
            heard.at_ms += static_cast<std::int64_t>(chance.below(span)) - most_ms;
        }
        std::ranges::sort(rows);
    };
}

Change with_several_lists(bool by_frame) {
    return [by_frame](Rows& rows, const std::string& name, Chance& chance) {
        const double lot = lot_of("lists ", name);
        if (lot < 0.5) return;
        const std::size_t lists = lot < 0.8 ? 2 : 3;
        std::uint32_t list = 0;
        each(rows, [&](Heard& heard, bool begins) {
            if (begins || by_frame) list = static_cast<std::uint32_t>(chance.below(lists));
            heard.coarse ^= list * 0x9E3779B9U;
            heard.fine ^= list * 0x85EBCA6BU;
        });
    };
}

Change with_varying_octets(double share, bool by_frame) {
    return [share, by_frame](Rows& rows, const std::string& name, Chance& chance) {
        if (lot_of("octets ", name) >= share) return;
        std::uint32_t form = 0;
        each(rows, [&](Heard& heard, bool begins) {
            if (begins || by_frame) form = static_cast<std::uint32_t>(1 + chance.below(kForms));
            heard.fine ^= form * 0x85EBCA6BU;
        });
    };
}

Change both(Change first, Change second) {
    return [first = std::move(first),
            second = std::move(second)](Rows& rows, const std::string& name, Chance& chance) {
        first(rows, name, chance);
        second(rows, name, chance);
    };
}

std::vector<Figure> evaluate_perturbed(
    const std::vector<Recording>& recordings, std::uint64_t seed) {
    const std::vector<std::pair<std::string, Change>> kinds{
        {"numbers start anew with each address", hiding(0)},
        {"numbers always go on", hiding(1)},
        {"10 % of the frames lost", both(hiding(0.5), with_loss(0.1))},
        {"30 % of the frames lost", both(hiding(0.5), with_loss(0.3))},
        {"50 % of the frames lost", both(hiding(0.5), with_loss(0.5))},
        {"without numbers", both(hiding(0.5), without_numbers())},
        {"without strength", both(hiding(0.5), without_strength())},
        {"without either", both(hiding(0.5), both(without_numbers(), without_strength()))},
        {"times off by up to 50 ms", both(hiding(0.5), with_jitter(50))},
        {"times off by up to 500 ms", both(hiding(0.5), with_jitter(500))},
        {"half of them with 2 or 3 lists, by frame", both(hiding(0.5), with_several_lists(true))},
        {"half of them with 2 or 3 lists, by burst", both(hiding(0.5), with_several_lists(false))},
        {"one of ten with 55 forms, by frame", both(hiding(0.5), with_varying_octets(0.1, true))},
        {"one of ten with 55 forms, by burst", both(hiding(0.5), with_varying_octets(0.1, false))},
        {"all with 55 forms, by burst", both(hiding(0.5), with_varying_octets(1, false))}};
    const auto days = long_known_days(recordings);
    std::vector<Figure> out;
    for (const auto& [name, change] : kinds) {
        std::vector<MixScore> scores;
        for (const LongKnown& day : days) {
            scores.push_back(score(distinct_mixes(day.devices, seed, 2, change)));
        }
        if (scores.empty()) continue;
        out.push_back(figure_of("made to hide: " + name, mean_of(scores), 0));
        out.back().bar = std::nullopt;
    }
    return out;
}

}  // namespace mobilytics::accuracy
