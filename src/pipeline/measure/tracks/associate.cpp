// Whose a new address is. Who cannot be better than the best so far, at most, is not scored to the
// end: that changes the cost and no result.

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "pipeline/measure/tracks/numbers.h"
#include "pipeline/measure/tracks/strength.h"
#include "pipeline/measure/tracks/tracks.h"

namespace mobilytics::measure {

namespace {

constexpr std::uint32_t kOne = 1 << 16;
constexpr std::uint32_t kCasesMax = 41;  // Of a model, that are remembered.

std::size_t silence_bin(std::int64_t silence_ms) {
    const auto silence = static_cast<std::int32_t>(
        std::min<std::int64_t>(silence_ms, std::numeric_limits<std::int32_t>::max()));
    std::size_t bin = 0;
    for (const std::int32_t edge : counting::kSilences) bin += edge <= silence ? 1U : 0U;
    return bin;
}

Nats hazard(std::int64_t silence_ms) { return counting::kHazard[silence_bin(silence_ms)]; }

/// Of odds, their logarithm given: a probability in 2^-16.
std::uint32_t likelihood(Nats odds) {
    constexpr std::uint64_t kWhole = std::uint64_t{1} << 30;
    const std::uint64_t other =
        exp_minus(static_cast<std::uint64_t>(std::abs(std::int64_t{odds})) << (16 - kNatsBits));
    return static_cast<std::uint32_t>((odds >= 0 ? kWhole : other) * kOne / (kWhole + other));
}

/// The most that a silence of a bin or a longer one is worth.
constexpr auto most_of_hazard() {
    auto out = counting::kHazard;
    for (std::size_t bin = out.size() - 1; bin-- > 0;) out[bin] = std::max(out[bin], out[bin + 1]);
    return out;
}
constexpr auto kMostOfHazard = most_of_hazard();

}  // namespace

Tracks::Slot Tracks::associate(const Heard& heard) {
    if (mingled_ && heard.global) return new_track(heard);
    Newcomer one{heard};
    const auto aliases_of_fine = fine_aliases_.find(heard.fine);
    if (aliases_of_fine != fine_aliases_.end()) one.fine_aliases = &aliases_of_fine->second;
    gathered_.clear();
    set_fine(one, nullptr);
    std::array<std::uint32_t, 4> aliases{};
    if (const auto own = lists_.find(heard.coarse); own != lists_.end()) {
        one.carry = static_cast<std::uint32_t>(
            (std::uint64_t{own->second.by_number} << 16) / own->second.links);
        set_fine(one, &own->second);
        gather(one, own->second, false);
        std::copy(own->second.aliases.begin(), own->second.aliases.end(), aliases.begin());
    }
    std::sort(aliases.begin(), aliases.end());
    for (const std::uint32_t alias : aliases) {
        if (alias == 0) continue;
        if (const auto list = lists_.find(alias); list != lists_.end()) {
            gather(one, list->second, true);
        }
    }
    Best best{.score = rules_.birth};
    judge_gathered(one, best);
    if (heard.sequence >= 0) judge_foreign(one, best);
    learn_fine(one, best);
    if (best.slot == kNone) return new_track(heard);
    learn(heard, best);
    return best.slot;
}

/// What fine fingerprints say of a model, by how often its devices are known to change theirs: of
/// one that changes at each burst nothing.
void Tracks::set_fine(Newcomer& one, const List* list) const {
    const std::uint64_t varied = list == nullptr ? 0 : list->varied;
    const std::uint64_t shown = list == nullptr ? 0 : list->shown;
    const std::uint64_t varies = (std::uint64_t{rules_.fine_varies} * rules_.fine_cases + varied) *
                                 kOne / (std::uint64_t{rules_.fine_cases} * kOne + shown);
    one.fine_same = rules_.fine_same;
    one.fine_other = rules_.fine_other;
    if (varies < rules_.fine_learnt) return;
    const std::uint64_t alike = rules_.fine_alike;
    one.fine_same = log_of(((kOne - varies) * kOne + varies * alike) / alike) - 16 * kLog2;
    one.fine_other = log_of(varies) - 16 * kLog2;
}

/// One case more of a model: how likely a device showed a new fine fingerprint.
void Tracks::note_fine(List& list, std::uint32_t varied) {
    list.varied += varied;
    list.shown += kOne;
    if (list.shown > kCasesMax * kOne) {  // Forgetting.
        list.varied =
            static_cast<std::uint32_t>(std::uint64_t{list.varied} * (kCasesMax - 1) / kCasesMax);
        list.shown =
            static_cast<std::uint32_t>(std::uint64_t{list.shown} * (kCasesMax - 1) / kCasesMax);
    }
}

/// A new address with a new fine fingerprint is another device, or one that changes it: as likely
/// as the evidence for either.
void Tracks::learn_fine(const Newcomer& one, const Best& best) {
    const bool is_new = best.slot == kNone;
    if (is_new && one.surest_other == std::numeric_limits<Nats>::min()) return;
    if (!is_new && !tracks_[best.slot].coarse.has(one.heard.coarse)) return;
    std::uint32_t varied = 0;
    if (is_new) {
        varied = likelihood(one.surest_other - rules_.birth);
    } else if (!tracks_[best.slot].fine.has(one.heard.fine)) {
        if (by_lists(one, tracks_[best.slot]) != one.fine_other) return;  // An alias says nothing.
        varied = likelihood(best.score - rules_.birth);
    }
    note_fine(list_of(one.heard.coarse, one.heard.at_ms), varied);
}

void Tracks::gather(Newcomer& one, const List& list, bool alias) {
    for (const Slot slot : list.slots) {
        const DeviceTrack& track = tracks_[slot];
        if (alias && track.coarse.has(one.heard.coarse)) continue;
        if (one.heard.at_ms - track.last_ms > rules_.window_ms) continue;
        if (mingled_ && track.global) continue;
        gathered_.push_back(appraise(one, slot, alias ? rules_.alias : 0));
        if (!alias && gathered_.back().is_other) {
            one.surest_other = std::max(one.surest_other, gathered_.back().sure);
        }
    }
}

/// The likeliest first: most others need not be scored then.
void Tracks::judge_gathered(const Newcomer& one, Best& best) {
    if (gathered_.empty()) return;
    const auto likeliest = static_cast<std::size_t>(
        std::max_element(
            gathered_.begin(), gathered_.end(),
            [](const Candidate& a, const Candidate& b) { return a.most < b.most; }) -
        gathered_.begin());
    judge(one, gathered_[likeliest], likeliest + 1, best);
    for (std::size_t at = 0; at < gathered_.size(); ++at) {
        if (at != likeliest) judge(one, gathered_[at], at + 1, best);
    }
}

/// Who has another fingerprint, but a number that is just behind.
void Tracks::judge_foreign(const Newcomer& one, Best& best) {
    const std::int64_t behind_max =
        rules_.foreign_ahead + 2 * rules_.foreign_ms / 1'000;  // Of the longest silence.
    const auto hundreds = behind_max / 64 + 1;
    const Nats most = most_of_foreign(one) + most_by_strength(one.heard.rssi_dbm);
    for (std::int64_t back = 0; back <= hundreds; ++back) {
        // Who is so far behind has been silent for so long, at least.
        const std::int64_t ahead =
            std::max<std::int64_t>(0, 64 * back + (one.heard.sequence & 63) - 63);
        const std::int64_t silence =
            std::max<std::int64_t>(0, (ahead - rules_.foreign_ahead) * 1'000 / 2);
        if (most + kMostOfHazard[silence_bin(silence)] +
                most_by_number(static_cast<std::uint32_t>(ahead), one.carry) <=
            best.score) {
            continue;
        }
        judge_comers(
            one, (hundred_of(one.heard.sequence) - static_cast<std::size_t>(back)) & 63, best);
    }
}

/// Of what is neither told by numbers, nor by silence and strength.
Nats Tracks::most_of_foreign(const Newcomer& one) const {
    return rules_.foreign + std::max({one.fine_same, one.fine_other, 0}) +
           std::max(0, rules_.elsewhere) + std::max(0, rules_.stable) +
           std::max({0, rules_.change, rules_.other_maker});
}

void Tracks::judge_comers(const Newcomer& one, std::size_t hundred, Best& best) {
    const Heard& heard = one.heard;
    const Comers& comers = by_number_[hundred];
    const std::size_t from = comers.size - std::min(comers.size, kForeignMax);
    const Nats most = most_of_foreign(one) + most_by_strength(heard.rssi_dbm);
    const auto now = static_cast<std::uint32_t>(heard.at_ms);
    const auto silent_max = static_cast<std::uint32_t>(rules_.foreign_ms);
    const auto at_once = static_cast<std::uint32_t>(rules_.foreign_ahead * 1'000);
    for (std::size_t at = comers.size; at-- > from;) {
        const Slot slot = comers.slots[at];
        const Last last = last_[slot];
        const std::uint32_t ahead = ahead_of(last.sequence, heard.sequence);
        const std::uint32_t dt = now - last.at;
        // Few pass, nobody knows which: one branch for all of it.
        const bool is_behind = (hundred_of(last.sequence) == hundred) & (dt < silent_max) &
                               (ahead * 1'000 <= at_once + 2 * dt);
        if (!is_behind) continue;
        if (most + kMostOfHazard[silence_bin(dt)] + most_by_number(ahead, one.carry) <= best.score)
            continue;
        if (tracks_[slot].coarse.has(heard.coarse)) continue;
        if (mingled_ && tracks_[slot].global) continue;
        judge(
            one, appraise(one, slot, rules_.foreign), std::numeric_limits<std::size_t>::max(),
            best);
    }
}

Nats Tracks::by_lists(const Newcomer& one, const DeviceTrack& track) const {
    if (track.fine.has(one.heard.fine)) return one.fine_same;
    if (one.fine_aliases != nullptr) {
        for (const std::uint32_t alias : *one.fine_aliases) {
            if (alias != 0 && track.fine.has(alias)) return 0;
        }
    }
    return one.fine_other;
}

Tracks::Candidate Tracks::appraise(const Newcomer& one, Slot slot, Nats prior) const {
    const Heard& heard = one.heard;
    const DeviceTrack& track = tracks_[slot];
    const std::int64_t dt = heard.at_ms - track.last_ms;
    const Nats lists = by_lists(one, track);
    Nats sure = prior + lists;
    const int off = std::abs(heard.rssi_dbm * 256 - track.rssi);
    const bool has_strength = track.heard > 0 && heard.rssi_dbm < 0;
    if (dt < rules_.same_moment_ms && has_strength && off > rules_.same_moment_db * 256) {
        sure += rules_.elsewhere;
    }
    sure += hazard(dt > rules_.burst_gap_ms ? heard.at_ms - track.burst_ms : dt);
    if (track.kept >= 2) sure += rules_.stable - (log_of(track.kept) - kLog2);
    if (heard.global || track.global) {
        sure += heard.global && track.global ? rules_.other_maker : rules_.change;
    }
    Nats most = sure;
    if (has_strength) most += most_by_strength(heard.rssi_dbm, off);
    if (heard.sequence >= 0 && track.sequence >= 0) {
        most += most_by_number(ahead_of(track.sequence, heard.sequence), one.carry);
    }
    return {slot, sure, most, lists == one.fine_other};
}

/// `order` tells which of equal ones is taken.
void Tracks::judge(const Newcomer& one, const Candidate& candidate, std::size_t order, Best& best) {
    const auto loses = [&](Nats score) {
        return score < best.score || (score == best.score && order >= best.order);
    };
    if (loses(candidate.most)) return;
    const Heard& heard = one.heard;
    const DeviceTrack& track = tracks_[candidate.slot];
    const std::int64_t dt = heard.at_ms - track.last_ms;
    Nats score = candidate.sure + by_strength(track, heard.rssi_dbm, dt);
    std::uint32_t by_number = 0;
    if (heard.sequence >= 0 && track.sequence >= 0) {
        const std::uint32_t ahead = ahead_of(track.sequence, heard.sequence);
        if (loses(score + most_by_number(ahead, one.carry))) return;
        const auto numbered = score_number(ahead, dt, track.rate, one.carry);
        score += numbered.score;
        by_number = numbered.by_number;
    }
    ++scored_;
    if (!loses(score)) best = {score, candidate.slot, order, by_number};
}

/// What a link teaches: whether this model's numbers go on, and how fast this device's do.
void Tracks::learn(const Heard& heard, const Best& best) {
    DeviceTrack& track = tracks_[best.slot];
    if (heard.sequence < 0 || track.sequence < 0) return;
    List& list = list_of(heard.coarse, heard.at_ms);
    list.by_number += best.by_number;
    list.links += kOne;
    if (list.links > 41 * kOne) {  // Forgetting.
        list.by_number = static_cast<std::uint32_t>(std::uint64_t{list.by_number} * 40 / 41);
        list.links = static_cast<std::uint32_t>(std::uint64_t{list.links} * 40 / 41);
    }
    const std::int64_t dt = heard.at_ms - track.last_ms;
    if (best.by_number > kOne * 9 / 10 && dt > 1'000) {
        const auto rate =
            static_cast<std::int32_t>(ahead_of(track.sequence, heard.sequence) * 256'000LL / dt);
        track.rate = track.rate < 0 ? rate : (7 * track.rate + 3 * rate) / 10;
    }
}

}  // namespace mobilytics::measure
